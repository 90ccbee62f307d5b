//! What JavaScript calls, by addresses in this module's memory: no glue script is needed for it. And
//! what a module without the standard library must bring along; with that it would be twice as
//! large.

use super::Unpacking;
use alloc::boxed::Box;
use alloc::vec;
use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::ptr::null_mut;
use core::slice;
use core::sync::atomic::{AtomicUsize, Ordering};

/// Room for so many bytes.
#[unsafe(no_mangle)]
extern "C" fn room(len: usize) -> *mut u8 {
    vec![0; len].leak().as_mut_ptr()
}

/// Begins with the packed bytes at that place.
///
/// # Safety
///
/// So many bytes are there, and stay there.
#[unsafe(no_mangle)]
unsafe extern "C" fn unpack(packed: *const u8, len: usize) -> *mut Unpacking<'static> {
    let packed = unsafe { slice::from_raw_parts(packed, len) };
    Box::leak(Box::new(Unpacking::new(packed)))
}

/// Fills a place with what comes next; false if it does not come.
///
/// # Safety
///
/// The first is what [`unpack`] gave, and there is room for so many bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn fill(begun: *mut Unpacking<'static>, piece: *mut u8, len: usize) -> bool {
    let (begun, piece) = unsafe { (&mut *begun, slice::from_raw_parts_mut(piece, len)) };
    begun.fill(piece).is_some()
}

/// Gives memory out and takes nothing back: the whole module is dropped after a moment.
struct Heap {
    /// Where the rest begins; 0 at first.
    rest: AtomicUsize,
}

#[global_allocator]
static HEAP: Heap = Heap { rest: AtomicUsize::new(0) };

/// Bytes in a page of wasm's memory.
const PAGE: usize = 64 << 10;

// One thread runs this module, so nothing comes between a load and the store after it.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let end = wasm32::memory_size(0) * PAGE;
        // All that was there at the beginning is the linker's.
        let rest = match self.rest.load(Ordering::Relaxed) {
            0 => end,
            rest => rest,
        };
        let start = rest.next_multiple_of(layout.align());
        let Some(next) = start.checked_add(layout.size()) else { return null_mut() };
        let missing = next.saturating_sub(end).div_ceil(PAGE);
        if missing > 0 && wasm32::memory_grow(0, missing) == usize::MAX {
            return null_mut();
        }
        self.rest.store(next, Ordering::Relaxed);
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

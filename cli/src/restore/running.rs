//! Whether lightningd runs in a directory: its process id, and its socket. Nothing is locked to
//! find out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::exit::shown;

/// What speaks for it, safe to print.
pub(super) fn sign(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let socket = folder.join("lightning-rpc");
    if listens(&socket) {
        return Some(shown(&socket));
    }
    pid_files(&folder).into_iter().find(|path| runs(path)).map(|path| shown(&path))
}

/// lightningd-NETWORK.pid lies in the directory above; lightningd takes it away when it ends.
fn pid_files(folder: &Path) -> Vec<PathBuf> {
    let network = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let own = format!("lightningd-{network}.pid");
    let above = folder.parent().map(|above| above.join(own));
    let mut found: Vec<PathBuf> = above.into_iter().filter(|path| path.exists()).collect();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("lightningd") && name.ends_with(".pid") {
            found.push(entry.path());
        }
    }
    found
}

/// A process id that is in use, or of which nobody can tell.
fn runs(path: &Path) -> bool {
    let Ok(text) = fs::read_to_string(path) else { return true };
    let Ok(id) = text.trim().parse::<u32>() else { return !text.trim().is_empty() };
    let processes = Path::new("/proc");
    !processes.join("self").exists() || processes.join(id.to_string()).exists()
}

#[cfg(unix)]
fn listens(socket: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    let is_socket = fs::metadata(socket).is_ok_and(|metadata| metadata.file_type().is_socket());
    // One that nobody listens on was left by a process that was killed; of any other trouble (another
    // user's socket) nobody can tell.
    let refused = |error: io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    is_socket && !std::os::unix::net::UnixStream::connect(socket).is_err_and(refused)
}

#[cfg(not(unix))]
fn listens(socket: &Path) -> bool {
    socket.exists()
}

//! A directory in memory: names, and the files behind them, which live on without a name.

use std::collections::BTreeMap;

/// The directory of this module.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    names: BTreeMap<&'static str, usize>,
    files: Vec<Vec<u8>>,
}

impl Disk {
    /// The file of that name.
    pub fn inode(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// What is in a file.
    ///
    /// # Panics
    /// If there never was such a file.
    pub fn bytes(&self, inode: usize) -> &[u8] {
        &self.files[inode]
    }

    pub(super) fn create(&mut self, name: &'static str, bytes: Vec<u8>) {
        self.names.insert(name, self.files.len());
        self.files.push(bytes);
    }

    pub(super) fn rename(&mut self, from: &'static str, to: &'static str) {
        if let Some(inode) = self.names.remove(from) {
            self.names.insert(to, inode);
        }
    }

    pub(super) fn write(&mut self, inode: usize, at: usize, bytes: &[u8]) {
        let file = &mut self.files[inode];
        file.resize(file.len().max(at + bytes.len()), 0);
        file[at..at + bytes.len()].copy_from_slice(bytes);
    }
}

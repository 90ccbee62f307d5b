//! Nothing: the package is its program `xtask-bindgen`, which is built with the feature `run`.
#![forbid(unsafe_code)]

//! Running other programs: always from the workspace's root, always echoed first.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The workspace's root.
///
/// Cargo names this package's folder when it runs us, so a checkout that was moved after the
/// build is still found; the folder at build time is for a binary started by hand.
pub(crate) fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or(package.clone(), Path::to_path_buf)
}

/// A command that will run in the workspace's root.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs us, split at spaces: `cargo("clippy --workspace")`.
pub(crate) fn cargo(arguments: &str) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = command(program);
    command.args(arguments.split_whitespace());
    command
}

/// Echoes and runs a command; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    check(command, status)
}

/// Echoes and runs a command, and returns how it ended.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus> {
    echo(command);
    command.status().with_context(|| format!("cannot run {}", name(command)))
}

/// An error unless `status` is success.
pub(crate) fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("{} failed ({status})", name(command));
    }
    Ok(())
}

/// Echoes and runs a command that must end within `limit`; it is killed otherwise.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    echo(command);
    let mut child = command.spawn().with_context(|| format!("cannot run {}", name(command)))?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return check(command, status);
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("{} did not finish in {} s", name(command), limit.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Standard output of a command that is run silently, if it could be run and succeeded.
pub(crate) fn quietly(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Prints what is about to be run, as one would type it.
pub(crate) fn echo(command: &Command) {
    eprintln!("$ {}", typed(command));
}

/// A command as one would type it: the variables set for it, its name, its arguments.
fn typed(command: &Command) -> String {
    let mut line = String::new();
    for (key, value) in command.get_envs() {
        // A variable that is only taken away cannot be typed in front of a command; leave it out.
        if let Some(value) = value {
            let _ = write!(line, "{}={} ", key.display(), quoted(value));
        }
    }
    line.push_str(&name(command));
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&quoted(argument));
    }
    line
}

/// Programs in system folders are shown whole, for which one it is matters; others by name.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let short = program.file_name().unwrap_or(program.as_os_str());
    let shown = if program.starts_with("/usr") { program.as_os_str() } else { short };
    shown.display().to_string()
}

fn quoted(text: &OsStr) -> String {
    let text = text.to_string_lossy();
    if text.contains(' ') { format!("'{text}'") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.env("RUSTDOCFLAGS", "-D warnings").env_remove("RUSTC").args(["doc", "--no-deps"]);
        assert_eq!(typed(&command), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
        assert_eq!(typed(&Command::new("/usr/bin/cargo")), "/usr/bin/cargo");
    }

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("xtask/Cargo.toml").is_file());
    }
}

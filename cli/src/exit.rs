//! How a run ends: the exit codes, and what stops a run early.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use fulgurite_core::finding::Severity;
use fulgurite_core::report::{Headline, Report};
use fulgurite_core::source::SourceError;
use fulgurite_core::text::visible;

use crate::output::Face;
use crate::words;

/// The exit codes, the least first: of several files the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Code {
    /// Nothing above a note was found.
    Fine,
    /// A warning, or damage.
    Found,
    /// Unreadable, or not a store.
    Unreadable,
    /// The command line was not understood.
    Usage,
    /// Cancelled.
    Cancelled,
}

impl Code {
    /// What a report amounts to.
    pub(crate) fn of(report: &Report) -> Code {
        match report.verdict.headline {
            Headline::WrongFile => Code::Unreadable,
            _ if report.verdict.severity > Severity::Info => Code::Found,
            _ => Code::Fine,
        }
    }

    /// The number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Code::Fine => 0,
            Code::Found => 1,
            Code::Unreadable => 2,
            Code::Usage => 64,
            Code::Cancelled => 130,
        }
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> ExitCode {
        ExitCode::from(code.number())
    }
}

/// What stops a run early.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Ctrl-C.
    Cancelled,
    /// Nobody reads what is written any more: the code that holds so far.
    Closed(Code),
    /// Something cannot be read or written. The text is safe to print.
    Failed(String),
    /// Arguments that only the file shows to be wrong. The text is safe to print.
    Usage(String),
}

impl Trouble {
    /// A path, and what went wrong with it.
    pub(crate) fn with(path: &Path, what: impl Display) -> Trouble {
        // The system's own message is made visible too: it may quote anything.
        let what = visible(what.to_string().as_bytes());
        Trouble::Failed(format!("{}: {what}", shown(path)))
    }

    /// What could not be read of which file.
    pub(crate) fn source(path: &Path, error: &SourceError) -> Trouble {
        Trouble::with(path, error)
    }

    /// Says it on stderr, and gives the code to end with.
    pub(crate) fn tell(self, face: Face) -> Code {
        let (text, code) = match self {
            Trouble::Cancelled => (words::CANCELLED.get(face.language).into(), Code::Cancelled),
            Trouble::Closed(code) => return code,
            Trouble::Failed(text) => (text, Code::Unreadable),
            Trouble::Usage(text) => (text, Code::Usage),
        };
        complain(&text);
        code
    }
}

/// Writing to stdout failed: either nobody reads it any more, or there is no room.
impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Trouble::Closed(Code::Fine),
            _ => Trouble::Failed(format!("stdout: {error}")),
        }
    }
}

/// One line on stderr. If stderr is closed, nobody is there to be told.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "fulgurite: {text}");
}

/// A path as it may be printed.
pub(crate) fn shown(path: &Path) -> String {
    visible(path.as_os_str().as_encoded_bytes())
}

//! Both sides of a case compared, and the migration rehearsed: the documents that
//! `fulgurite lnd compare --json` and `fulgurite lnd rehearse --json` print.

use fulgurite_core::lnd::check::{Given, Watch};
use fulgurite_core::lnd::compare;
use fulgurite_core::lnd::rehearse::{self, Target};
use fulgurite_core::source::SourceError;

use super::{Case, File, given};

/// How it ended.
#[derive(Debug)]
pub enum Told<T> {
    /// It was stopped.
    Stopped,
    /// The files do not have what it takes.
    Nothing,
    /// It is done.
    Done(Box<T>),
}

impl Case {
    /// Compares both sides; `list` stands for a side, as lncli printed it.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn compare(
        &self,
        list: Option<&File>,
        options: &compare::Options,
        watch: &mut Watch<'_>,
    ) -> Result<Told<compare::Compared>, SourceError> {
        let list = list.map(|list| Given { source: &list.disk, name: Some(&list.name) });
        let given: Vec<Given<'_>> = given(&self.files).into_iter().chain(list).collect();
        Ok(match compare::compare(&given, options, watch)? {
            compare::Ended::Stopped => Told::Stopped,
            compare::Ended::OneSided { .. } => Told::Nothing,
            compare::Ended::Compared(compared) => Told::Done(compared),
        })
    }

    /// Rehearses the migration by that release.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn rehearse(
        &self,
        target: &Target,
        options: &rehearse::Options,
        watch: &mut Watch<'_>,
    ) -> Result<Told<rehearse::Rehearsed>, SourceError> {
        let network = options.network.or(self.network);
        let options = rehearse::Options { network, ..options.clone() };
        Ok(match rehearse::rehearse(&given(&self.files), target, &options, watch)? {
            rehearse::Ended::Stopped => Told::Stopped,
            rehearse::Ended::Nothing => Told::Nothing,
            rehearse::Ended::Rehearsed(rehearsed) => Told::Done(rehearsed),
        })
    }
}

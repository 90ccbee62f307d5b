//! The chains one after the other, step by step.

use super::Options;
use super::chains::{Chain, Inspected};
use super::plan::Ledger;
use super::reader::{Desk, Reader};
use super::weave::{Context, Weave};
use crate::job::Work;
use crate::source::{Source, SourceError};

/// The chains one after the other.
#[derive(Debug)]
pub(super) struct Passage {
    /// Index of the chain at hand.
    pub(super) index: usize,
    pub(super) reader: Option<Reader>,
    /// Bytes of the chains before it.
    pub(super) behind: u64,
}

impl Passage {
    pub(super) fn new() -> Passage {
        Passage { index: 0, reader: None, behind: 0 }
    }

    pub(super) fn next(&mut self, chain: Chain) {
        self.index += 1;
        self.reader = None;
        self.behind += chain.span.len();
    }
}

pub(super) fn desk<'d>(
    sources: &'d [&'d dyn Source],
    inputs: &'d [Inspected],
    chain: Chain,
    options: &Options<'d>,
) -> Option<Desk<'d>> {
    let at = usize::from(chain.source);
    let source: &'d dyn Source = *sources.get(at)?;
    Some(Desk { source, input: inputs.get(at)?, verifier: options.verifier })
}

/// One step of weaving; true once the last chain is in.
pub(super) fn pass(
    weave: &mut Weave,
    context: Context<'_>,
    passage: &mut Passage,
    options: &Options<'_>,
    work: Work,
    ledger: &mut dyn Ledger,
) -> Result<bool, SourceError> {
    let number = context.order.get(passage.index);
    let Some(chain) = number.and_then(|number| context.chains.get(usize::from(*number))) else {
        weave.finish(context.survey, ledger);
        return Ok(true);
    };
    let Some(desk) = desk(context.sources, context.inputs, *chain, options) else {
        return Ok(true);
    };
    let reader = passage.reader.get_or_insert_with(|| Reader::new(*chain, desk.input.layout));
    let more = match weave.weaver(context, ledger) {
        Some(mut weaver) => reader.step(desk, work.bytes, &mut weaver)?,
        None => false,
    };
    if !more {
        weave.end_chain(context, ledger)?;
        passage.next(*chain);
    }
    Ok(false)
}

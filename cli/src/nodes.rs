//! `fulgurite nodes`: one row for each node that has channels.

use std::io::Write;

use fulgurite_core::gossip::listing::{Listed, Listing, NodeEntry};
use fulgurite_core::gossip::network::Limits;
use fulgurite_core::source::Source as _;

use crate::args::List;
use crate::cancel;
use crate::exit::{Code, Trouble, complain};
use crate::input::Input;
use crate::output::{FAINT, Face, date, left, right, stdout};
use crate::progress::Progress;
use crate::records::json;
use crate::source::FileSource;
use crate::windows::Windows;
use crate::words;

/// Lists the nodes of one file.
pub(crate) fn run(arguments: &List, face: Face, seed: u64) -> Result<Code, Trouble> {
    let input = Input::open(&arguments.file, arguments.reading.max_unpacked, face)?;
    input.must_be_store(face)?;
    let (listed, read) = list(&input, seed, face)?;
    let mut out = stdout();
    if !arguments.reading.json {
        header(&mut out, face)?;
    }
    for node in listed.nodes(&read) {
        cancel::check()?;
        let node = node.map_err(|error| Trouble::source(input.path(), &error))?;
        if arguments.reading.json {
            json(&mut out, &node)?;
        } else {
            human(&mut out, &node, face)?;
        }
    }
    out.flush()?;
    Ok(end(&input, &listed, read, face))
}

/// Folds a file into lists. An error where it holds no record at all.
pub(crate) fn list(
    input: &Input,
    seed: u64,
    face: Face,
) -> Result<(Listed, FileSource<'_>), Trouble> {
    let source = input.source();
    let progress = Progress::of(input.path(), source.len());
    let mut windows = Windows::new(input.path(), source, progress);
    let mut listing = Listing::new(Limits::default(), seed);
    let mut chunk = Vec::new();
    while windows.next(&mut chunk)? {
        listing.push(&chunk);
    }
    let listed = listing.finish();
    if listed.without_record() {
        return Err(Trouble::with(input.path(), words::NO_RECORD.get(face.language)));
    }
    Ok((listed, windows.source()))
}

/// What is to be said behind a list, and the code to end with.
pub(crate) fn end(input: &Input, listed: &Listed, read: FileSource<'_>, face: Face) -> Code {
    let code = input.listed(read, face);
    if listed.limited() {
        complain(words::LIMITED.get(face.language));
        return code.max(Code::Found);
    }
    code
}

fn header(out: &mut impl Write, face: Face) -> Result<(), Trouble> {
    let heads = [words::OFFSET, words::NODE, words::CHANNELS, words::TIME, words::ALIAS];
    let [offset, node, channels, time, alias] = heads.map(|head| head.get(face.language));
    writeln!(
        out,
        "{FAINT}{} {} {} {} {alias}{FAINT:#}",
        right(offset, 11),
        left(node, 66),
        right(channels, 8),
        left(time, 19),
    )?;
    Ok(())
}

fn human(out: &mut impl Write, node: &NodeEntry, face: Face) -> Result<(), Trouble> {
    let offset = node.announcement.map_or_else(|| "-".to_owned(), |offset| offset.to_string());
    let (time, alias) = match &node.says {
        Some(says) => (date(says.timestamp), says.alias.clone()),
        None => (String::new(), words::UNANNOUNCED.get(face.language).to_owned()),
    };
    let hidden = if node.hidden { words::HIDDEN.get(face.language) } else { "" };
    let space = if node.hidden { "  " } else { "" };
    writeln!(
        out,
        "{} {} {} {} {alias}{space}{FAINT}{hidden}{FAINT:#}",
        right(&offset, 11),
        left(&node.node_id, 66),
        right(&node.channels.to_string(), 8),
        left(&time, 19),
    )?;
    Ok(())
}

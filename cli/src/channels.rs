//! `fulgurite channels`: one row for each live channel, with what either side asks for.

use std::io::Write;

use fulgurite_core::gossip::listing::{ChannelEntry, UpdateEntry};

use crate::args::List;
use crate::cancel;
use crate::exit::{Code, Trouble};
use crate::input::Input;
use crate::nodes::{end, list};
use crate::output::{FAINT, Face, date, left, right, short, stdout};
use crate::records::json;
use crate::words;

/// Lists the channels of one file.
pub(crate) fn run(arguments: &List, face: Face, seed: u64) -> Result<Code, Trouble> {
    let input = Input::open(&arguments.file, arguments.reading.max_unpacked, face)?;
    input.must_be_store(face)?;
    let (listed, read) = list(&input, seed, face)?;
    let mut out = stdout();
    if !arguments.reading.json {
        header(&mut out, face)?;
    }
    for channel in listed.channels(&read) {
        cancel::check()?;
        let channel = channel.map_err(|error| Trouble::source(input.path(), &error))?;
        if arguments.reading.json {
            json(&mut out, &channel)?;
        } else {
            human(&mut out, &channel, face)?;
        }
    }
    out.flush()?;
    Ok(end(&input, &listed, read, face))
}

fn header(out: &mut impl Write, face: Face) -> Result<(), Trouble> {
    let heads = [words::OFFSET, words::CHANNEL, words::CAPACITY, words::NODE];
    let [offset, channel, capacity, node] = heads.map(|head| head.get(face.language));
    writeln!(
        out,
        "{FAINT}{} {} {} {} {} {} 2 → 1{FAINT:#}",
        right(offset, 11),
        left(channel, 18),
        right(capacity, 15),
        left(&format!("{node} 1"), 17),
        left(&format!("{node} 2"), 17),
        left("1 → 2", 56),
    )?;
    Ok(())
}

fn human(out: &mut impl Write, channel: &ChannelEntry, face: Face) -> Result<(), Trouble> {
    let capacity = channel.satoshis.map_or_else(|| "-".to_owned(), |satoshis| face.count(satoshis));
    let side = |direction| {
        let update = channel.updates.iter().find(|update| update.direction == direction);
        update.map_or_else(|| "-".to_owned(), |update| terms(update, face))
    };
    writeln!(
        out,
        "{} {} {} {} {} {} {}",
        right(&channel.announcement.to_string(), 11),
        left(&channel.scid.to_string(), 18),
        right(&capacity, 15),
        left(&short(&channel.node_id_1), 17),
        left(&short(&channel.node_id_2), 17),
        left(&side(0), 56),
        side(1),
    )?;
    Ok(())
}

/// What one side asks for: fees, delay, date.
fn terms(update: &UpdateEntry, face: Face) -> String {
    let UpdateEntry { fee_base_msat, fee_proportional_millionths, cltv_expiry_delta, .. } = update;
    let date = date(update.timestamp);
    let disabled = if update.disabled { words::DISABLED.get(face.language) } else { "" };
    let text = format!(
        "{fee_base_msat} msat + {fee_proportional_millionths} ppm, {cltv_expiry_delta}, {date} {disabled}"
    );
    text.trim_end().to_owned()
}

//! `fulgurite lnd invoices`: the invoices of the store that LND would use, one to a line.

use std::io::{IsTerminal as _, Write};

use fulgurite_core::lnd::gotime::Time;
use fulgurite_core::lnd::invoice::{ContractState, Invoice};
use fulgurite_core::lnd::invoices::ShownRow;
use fulgurite_core::lnd::listing::{self, Ended, Listed, Options, Row};
use fulgurite_core::lnd::native::ShownNativeRow;
use fulgurite_core::lnd::privacy::Privacy;
use fulgurite_core::text::visible;
use fulgurite_core::words::migration as told;

use super::files::{Set, given};
use crate::args::Invoices;
use crate::exit::{Code, Trouble, complain, shown};
use crate::output::{FAINT, Face, date, left, right, stdout};
use crate::progress::Progress;
use crate::records::json;
use crate::words::lnd as words;

/// Lists the invoices of each set of files.
pub(super) fn run(arguments: &Invoices, face: Face) -> Result<Code, Trouble> {
    let sets = super::sets(&arguments.files, &arguments.reading, face)?;
    let mut out = stdout();
    let mut highest = Code::Fine;
    for set in &sets {
        highest = highest.max(of(set, arguments, &mut out, face)?);
    }
    Ok(highest)
}

fn of(set: &Set, arguments: &Invoices, out: &mut impl Write, face: Face) -> Result<Code, Trouble> {
    let options = Options {
        side: arguments.side,
        from: arguments.from,
        count: arguments.count.0,
        reveal: arguments.reveal,
        files: set.files.clone(),
    };
    let sources = set.sources();
    let given = given(&sources);
    // Rows and a bar on one terminal would be torn apart.
    let progress = if std::io::stdout().is_terminal() {
        Progress::off()
    } else {
        Progress::of(set.first(), set.size())
    };
    let mut written = Ok(());
    let mut begun = false;
    let ended = super::watched(set, progress, |watch| {
        listing::list(&given, &options, watch, &mut |listed, row| {
            written = if arguments.reading.json {
                json(out, &row)
            } else {
                let headed = if begun { Ok(()) } else { header(out, listed, face) };
                headed.and_then(|()| human(out, row, face))
            };
            begun = true;
            written.is_ok()
        })
    })?;
    written?;
    match ended {
        Ended::Stopped => return Err(Trouble::Cancelled),
        Ended::Nothing => {
            return Err(Trouble::with(set.first(), words::NO_INVOICES.get(face.language)));
        }
        Ended::Listed(listed) if !begun && !arguments.reading.json => header(out, &listed, face)?,
        Ended::Listed(_) => {}
    }
    out.flush()?;
    if set.is_still() {
        return Ok(Code::Fine);
    }
    let code = fulgurite_core::finding::Code::NotStill;
    let text = fulgurite_core::words::entry(code).title.get(face.language);
    complain(&format!("{}: {text}", shown(set.blamed())));
    Ok(Code::Found)
}

fn header(out: &mut impl Write, listed: &Listed, face: Face) -> Result<(), Trouble> {
    let language = face.language;
    let total = face.count(listed.total);
    let side = told::side(listed.side).get(language);
    let line = words::listed(language, side, listed.store, &total, listed.in_force);
    writeln!(out, "{FAINT}{line}{FAINT:#}")?;
    let heads = [
        words::NUMBER,
        words::STATE,
        words::CREATED,
        words::SETTLED,
        words::ASKED,
        words::PAID,
        words::ADD,
        words::SETTLE,
        words::HASH,
        words::NOTES,
    ];
    let cells = heads.map(|head| head.get(language).to_owned());
    line_of(out, &cells, true)
}

/// One invoice.
fn human(out: &mut impl Write, row: Row<'_>, face: Face) -> Result<(), Trouble> {
    let cells = match row {
        Row::Kv(row) => of_kv(row, face),
        Row::Sql(row) => of_sql(row, face),
    };
    line_of(out, &cells, false)
}

fn line_of(out: &mut impl Write, cells: &[String; 10], faint: bool) -> Result<(), Trouble> {
    let [number, state, created, settled, asked, paid, add, settle, hash, notes] = cells;
    let line = format!(
        "{} {} {} {} {} {} {} {} {} {notes}",
        right(number, 7),
        left(state, 8),
        left(created, 19),
        left(settled, 19),
        right(asked, 13),
        right(paid, 13),
        right(add, 6),
        right(settle, 6),
        left(hash, 12),
    );
    let line = line.trim_end();
    if faint {
        writeln!(out, "{FAINT}{line}{FAINT:#}")?;
    } else {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn of_kv(ShownRow { row, privacy }: ShownRow<'_>, face: Face) -> [String; 10] {
    let language = face.language;
    let mut notes = Vec::new();
    if !row.listed {
        notes.push(words::UNLISTED.get(language).to_owned());
    }
    if row.error.is_some() {
        notes.push(words::CUT.get(language).to_owned());
    }
    if !row.sets.is_empty() {
        notes.push(words::sets(language, row.sets.len()));
    }
    let htlcs = row.htlcs().count();
    cells(&row.key.to_string(), row.hash, &row.invoice, (htlcs, notes), privacy, face)
}

fn of_sql(ShownNativeRow { row, privacy }: ShownNativeRow<'_>, face: Face) -> [String; 10] {
    let language = face.language;
    let provenance = fulgurite_core::finding::Value::from(row.provenance.name());
    let mut notes = vec![fulgurite_core::words::value("provenance", &provenance, language)];
    if !row.errors.is_empty() {
        notes.push(words::CUT.get(language).to_owned());
    }
    let htlcs = row.invoice.htlcs.len();
    cells(&row.id.to_string(), row.hash, &row.invoice, (htlcs, notes), privacy, face)
}

fn cells(
    number: &str,
    hash: Option<[u8; 32]>,
    invoice: &Invoice,
    (htlcs, mut notes): (usize, Vec<String>),
    privacy: &Privacy,
    face: Face,
) -> [String; 10] {
    let kinds = [
        ("AMP", invoice.is_amp()),
        ("keysend", invoice.is_keysend()),
        ("hodl", invoice.hodl == Some(true)),
    ];
    let kinds = kinds.iter().filter(|(_, is)| *is).map(|(kind, _)| (*kind).to_owned());
    notes.splice(0..0, kinds);
    if htlcs > 0 {
        notes.push(words::htlcs(face.language, htlcs));
    }
    if privacy.reveals() && !invoice.memo.is_empty() {
        notes.push(format!("“{}”", visible(&invoice.memo)));
    }
    let index = |index: u64| if index == 0 { String::new() } else { index.to_string() };
    let state = match invoice.state {
        ContractState::Other(number) => number.to_string(),
        state => state.name().to_owned(),
    };
    [
        number.to_owned(),
        state,
        time(invoice.created),
        time(invoice.settled),
        privacy.amount(invoice.value_msat),
        privacy.amount(invoice.amount_paid_msat),
        index(invoice.add_index),
        index(invoice.settle_index),
        hash.map(|hash| privacy.hash(&hash)).unwrap_or_default(),
        notes.join(" · "),
    ]
}

/// A moment as a date; nothing for one that never was.
fn time(time: Time) -> String {
    if time.is_unset() {
        return String::new();
    }
    u32::try_from(time.unix()).map_or_else(|_| time.unix().to_string(), date)
}

//! The table of invoices: of the side that LND would use, or of the other.

use fulgurite_core::finding::{Span, Value, Values};
use fulgurite_core::lnd::migration::Store;
use fulgurite_core::words::{self, Language, migration as told};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Stores;
use super::tables::leads;
use crate::engine::lnd::{InvoiceRow, Invoices as Page, Moment};
use crate::format::{count, time};
use crate::labels::{self, fill, lnd as own};
use crate::list::CollectList as _;
use crate::state::{Opened, tr, use_page};
use crate::table::cells::key;
use crate::table::grid::{Column, Table, table};

/// The first question tells how many there are.
const FIRST: u32 = 1;

const COLUMNS: [Column; 10] = [
    (own::NUMBER, "right"),
    (labels::STATE, "kind"),
    (own::CREATED, "time"),
    (own::SETTLED, "time"),
    (own::ASKED, "right"),
    (own::PAID, "right"),
    (own::ADD, "right"),
    (own::SETTLE, "right"),
    (own::HASH, "key"),
    (own::NOTES, "wide"),
];

/// How far listing is.
#[derive(Clone)]
enum Listing {
    Busy,
    Nothing,
    Failed(String),
    There(Page),
}

/// The table with its bar.
#[component]
pub(super) fn Invoices(opened: Opened, stores: Stores) -> impl IntoView {
    let view = opened.view;
    let side: RwSignal<Option<&'static str>> = RwSignal::new(None);
    let listing = RwSignal::new(Listing::Busy);
    let again = RwSignal::new(0_u32);
    let turn = StoredValue::new(0_u32);
    let case = stores.case;
    Effect::new(move |_| {
        let (side, reveal) = (side.get(), view.reveal.get());
        again.track();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        listing.set(Listing::Busy);
        spawn_local(async move {
            let answer = case.invoices(side, (0, FIRST), reveal).await;
            // Something else is wanted by now.
            if turn.try_get_value() != Some(mine) {
                return;
            }
            listing.set(match answer {
                Ok(Some(page)) => Listing::There(page),
                Ok(None) => Listing::Nothing,
                Err(failure) => Listing::Failed(failure.message),
            });
        });
    });
    let lnd = opened.report.lnd.clone();
    let both = lnd.as_ref().is_some_and(|lnd| !lnd.kv.is_empty() && !lnd.sql.is_empty());
    let content = move || {
        match listing.get() {
        Listing::Busy => view! { <p class="nothing" aria-busy="true">{tr(own::LISTING)}</p> }.into_any(),
        Listing::Nothing => view! { <p class="nothing">{tr(own::NO_INVOICES)}</p> }.into_any(),
        Listing::Failed(why) => view! {
            <p class="nothing" role="alert">{why}</p>
            <p>
                <button on:click=move |_| again.update(|again| *again += 1)>{tr(labels::AGAIN)}</button>
            </p>
        }
        .into_any(),
        Listing::There(page) => listed(&opened, &stores, side.get_untracked(), page),
    }
    };
    view! {
        <div class="listing">
            {both
                .then(|| {
                    view! {
                        <div class="bar">
                            <Sides side />
                        </div>
                    }
                })} {content}
        </div>
    }
}

#[component]
fn Sides(side: RwSignal<Option<&'static str>>) -> impl IntoView {
    let options =
        [("", own::SIDE_IN_FORCE), ("kv", told::side(Store::Kv)), ("sql", told::side(Store::Sql))];
    let options = options.map(|(name, label)| {
        view! {
            <option value=name selected=move || side.get().unwrap_or_default() == name>
                {tr(label)}
            </option>
        }
    });
    view! {
        <select
            class="wide-select"
            aria-label=tr(own::SIDE)
            on:change=move |event| {
                side.set(
                    match event_target_value(&event).as_str() {
                        "kv" => Some("kv"),
                        "sql" => Some("sql"),
                        _ => None,
                    },
                );
            }
        >
            {options.into_iter().collect_list()}
        </select>
    }
}

fn listed(opened: &Opened, stores: &Stores, side: Option<&'static str>, page: Page) -> AnyView {
    let language = use_page().language;
    let (view, case) = (opened.view, stores.case);
    let reveal = view.reveal.get_untracked();
    let (total, input) = (page.total, page.input);
    let sure = leads(&opened.report, input);
    let head = {
        let (side, store, in_force) = (page.side, page.store, page.in_force);
        move || {
            let language = language.get();
            let side = told::side(if side == "kv" { Store::Kv } else { Store::Sql });
            let label = match in_force {
                None => own::LISTED,
                Some(true) => own::LISTED_IN_FORCE,
                Some(false) => own::LISTED_NOT_IN_FORCE,
            };
            let values = Values::new()
                .with("side", side.get(language))
                .with("store", store.as_str())
                .with("total", total);
            fill(label, language, &values)
        }
    };
    let span = |row: &InvoiceRow| Span::new(row.span.start, row.span.end);
    let rows = table(Table {
        name: "invoices",
        label: own::INVOICES,
        columns: &COLUMNS,
        cells,
        class: |row: &InvoiceRow| match row.invoice.state.as_str() {
            _ if row.error.is_some() || !row.errors.is_empty() => "wound",
            "canceled" => "dead",
            _ => "",
        },
        offset: if sure { |row| Some(row.span.start) } else { |_| None },
        of: Some((input, span)),
        total,
        fetch: Box::new(move |from, wanted| {
            Box::pin(async move {
                let page = case.invoices(side, (from, wanted), reveal).await?;
                Ok(page.map(|page| page.rows).unwrap_or_default())
            })
        }),
        locate: None,
        chosen: None,
        found: Signal::derive(|| None),
        view,
    });
    view! {
        <p class="note" role="status">{head}</p>
        {rows}
    }
    .into_any()
}

fn moment(moment: &Moment) -> String {
    let seconds = moment.unix.as_deref().and_then(|unix| unix.parse::<u32>().ok());
    // A time that never was is written in the year 1, or as 0.
    seconds.filter(|seconds| *seconds > 0).map(time).unwrap_or_default()
}

fn index(index: &str) -> String {
    if index == "0" { String::new() } else { index.to_owned() }
}

fn cells(row: &InvoiceRow, language: Language) -> Vec<AnyView> {
    let invoice = &row.invoice;
    let number = row.number.map(|number| number.to_string()).or_else(|| row.id.clone());
    let mut notes: Vec<String> = Vec::new();
    let kinds =
        [("AMP", invoice.amp), ("keysend", invoice.keysend), ("hodl", invoice.hodl == Some(true))];
    notes.extend(kinds.iter().filter(|(_, is)| *is).map(|(kind, _)| (*kind).to_owned()));
    if row.listed == Some(false) {
        notes.push(own::UNLISTED.get(language).to_owned());
    }
    if let Some(provenance) = &row.provenance {
        let value = Value::Text(provenance.clone());
        notes.push(words::value("provenance", &value, language));
    }
    if row.error.is_some() || !row.errors.is_empty() {
        notes.push(own::CUT.get(language).to_owned());
    }
    let say = |label, n: usize| fill(label, language, &Values::new().with("n", n));
    if !row.sets.is_empty() {
        notes.push(say(own::SETS, row.sets.len()));
    }
    let htlcs = invoice.htlcs.len() + row.sets.iter().map(|set| set.htlcs.len()).sum::<usize>();
    if htlcs > 0 {
        notes.push(say(own::HTLCS, htlcs));
    }
    let said = [&invoice.memo, &invoice.payment_request].into_iter();
    let said = said.filter_map(|words| words.text.as_ref()).filter(|text| !text.is_empty());
    notes.extend(said.map(|text| format!("“{text}”")));
    // Hidden ones are there as a word that says so.
    let revealed = said_out(row);
    if let Some(preimage) = invoice.preimage.as_ref().filter(|_| revealed) {
        notes.push(fill(own::PREIMAGE, language, &Values::new().with("hex", preimage.as_str())));
    }
    if let Some(address) = invoice.payment_addr.as_ref().filter(|_| revealed) {
        notes.push(fill(own::ADDRESS, language, &Values::new().with("hex", address.as_str())));
    }
    let state = words::word("state", &invoice.state);
    let state = state.map_or_else(|| invoice.state.clone(), |word| word.get(language).to_owned());
    let amount = |msat: &str| msat.parse::<u64>().map_or_else(|_| msat.to_owned(), count);
    let notes = notes.join(" · ");
    let title = notes.clone();
    vec![
        number.unwrap_or_default().into_any(),
        state.into_any(),
        moment(&invoice.created).into_any(),
        moment(&invoice.settled).into_any(),
        amount(&invoice.value_msat).into_any(),
        amount(&invoice.amount_paid_msat).into_any(),
        index(&invoice.add_index).into_any(),
        index(&invoice.settle_index).into_any(),
        row.hash.as_deref().map(key).into_any(),
        view! { <bdi title=title>{notes}</bdi> }.into_any(),
    ]
}

/// Whether the row is a revealed one: texts are there then, be they empty.
fn said_out(row: &InvoiceRow) -> bool {
    row.invoice.memo.text.is_some()
}

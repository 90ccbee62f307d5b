//! In what LND's two sides differ: how many fit and how many do not, then difference by difference.

use std::sync::Arc;

use fulgurite_core::finding::{Code, Finding, Value, Values};
use fulgurite_core::lnd::compare::Summary;
use fulgurite_core::words::{self, Language, compare as told};
use leptos::prelude::*;
use serde::Deserialize;

use super::Stores;
use super::document::{self, Document, Kind, Listed, text};
use crate::address::Choice;
use crate::engine::lnd::{Asked, What};
use crate::format::count;
use crate::labels::{fill, lnd as own};
use crate::state::{Opened, tr, use_page};
use crate::table::cells::key;
use crate::table::grid::Column;
use crate::view::View;

/// What it is saved as.
const NAME: &str = "fulgurite-comparison.json";

/// What a difference can cost, the worst first.
const COSTS: [&str; 3] = ["money", "books", "nothing"];

const COLUMNS: [Column; 7] = [
    (own::INVOICE, "key"),
    (own::NUMBER, "right"),
    (own::MEANING, "kind"),
    (own::FIELD, "kind"),
    (own::OLDER, "value"),
    (own::NEWER, "value"),
    (own::COST, "wide"),
];

/// A comparison's own part.
#[derive(Deserialize)]
struct Compared {
    summary: Summary,
}

/// The view.
#[component]
pub(super) fn Differences(opened: Opened, stores: Stores) -> impl IntoView {
    let language = use_page().language;
    let (view, case) = (opened.view, stores.case);
    let asked = move || Asked { what: What::Compared, reveal: view.reveal.get() };
    let kind =
        Kind { busy: own::COMPARING, nothing: (own::ONE_SIDE, told::ONE_SIDED), told: compared };
    let content = document::content(opened, stores, asked, kind);
    let list = move || {
        let name = case.list_name.get()?;
        Some(fill(own::WITH_LIST, language.get(), &Values::new().with("file", name)))
    };
    view! {
        <div class="listing told">
            {move || list().map(|list| view! { <p class="note">{list}</p> })} {content}
        </div>
    }
}

fn compared(opened: &Opened, stores: &Stores, document: &Document) -> AnyView {
    let language = use_page().language;
    let view = opened.view;
    let Some(Compared { summary }) = document.part() else { return ().into_any() };
    let (all, counted) = document.rows(told::meaning);
    let none = all.is_empty();
    let fields = summary.fields.clone();
    let figures = move || {
        let rows = told::figures(&summary).into_iter();
        let rows = rows.map(|(label, number)| (label.get(language.get()).to_owned(), number));
        document::figures(rows.collect())
    };
    let codes: Vec<(Code, u64)> = document
        .report
        .counts
        .iter()
        .filter(|count| told::meaning(count.code).is_some())
        .map(|count| (count.code, count.count))
        .collect();
    let counted_word = move |word: String, number: u64| format!("{word} ({})", count(number));
    let codes = codes.into_iter().map(|(code, number)| {
        let word = move || {
            let word = told::meaning(code).map_or("", |word| word.get(language.get()));
            counted_word(word.to_owned(), number)
        };
        (code.name().to_owned(), Signal::derive(word))
    });
    let fields = fields.into_iter().map(|field| {
        let word = move || {
            let word = named("differing_field", field.field.name(), language.get());
            counted_word(word, field.count)
        };
        (field.field.name().to_owned(), Signal::derive(word))
    });
    let costs = COSTS.into_iter().map(|cost| {
        let word = Signal::derive(move || named("cost", cost, language.get()));
        (cost.to_owned(), word)
    });
    let (codes, fields, costs): (Vec<_>, Vec<_>, Vec<_>) =
        (codes.collect(), fields.collect(), costs.collect());
    let every = move |label: words::Text| {
        move || {
            let language = language.get();
            fill(own::EVERY, language, &Values::new().with("what", label.get(language)))
        }
    };
    let rows = passing(all, view);
    let list = Listed {
        name: "differences",
        label: own::DIFFERENCES,
        columns: &COLUMNS,
        cells,
        class: |finding| if finding.values.text("cost") == Some("money") { "wound" } else { "" },
        rows,
        counted,
    };
    let bar = view! {
        <div class="bar" role="group" aria-label=tr(own::DIFFERENCES)>
            {(!none)
                .then(|| {
                    view! {
                        {document::choose(
                            own::MEANING,
                            every(own::MEANING),
                            codes,
                            view.choice(Choice::Meaning),
                        )}
                        {document::choose(
                            own::FIELD,
                            every(own::FIELD),
                            fields,
                            view.choice(Choice::Field),
                        )}
                        {document::choose(
                            own::COST,
                            every(own::COST),
                            costs,
                            view.choice(Choice::Cost),
                        )}
                    }
                })} <span class="space"></span>
            {document::download(stores.case, NAME, What::Compared)}
        </div>
    };
    let rows = if none { Err(own::NONE_DIFFERS) } else { Ok(list) };
    document::laid_out((opened, stores, document), figures, bar, rows, Code::LndCompared)
}

/// The differences that pass the filters. Filters that an address names and that nothing could pass
/// are as none.
fn passing(all: Arc<[Finding]>, view: View) -> Signal<Arc<[Finding]>> {
    let chosen = move |choice| view.choice(choice).get();
    Signal::derive(move || {
        let (meaning, field, cost) =
            (chosen(Choice::Meaning), chosen(Choice::Field), chosen(Choice::Cost));
        let code = |finding: &Finding| finding.code.name() == meaning;
        let of = |finding: &Finding| finding.values.text("differing_field") == Some(&*field);
        let by_code = all.iter().any(code);
        let by_field = all.iter().any(of);
        let by_cost = COSTS.contains(&&*cost);
        let passes = |finding: &&Finding| {
            (!by_code || code(finding))
                && (!by_field || of(finding))
                && (!by_cost || finding.values.text("cost") == Some(&*cost))
        };
        all.iter().filter(passes).cloned().collect()
    })
}

/// The word for a value.
fn named(name: &str, value: &str, language: Language) -> String {
    words::value(name, &Value::Text(value.to_owned()), language)
}

fn cells(finding: &Finding, language: Language) -> Vec<AnyView> {
    let Finding { code, values, place, .. } = finding;
    let shown = |name: &str| document::shown(values, name, language);
    let field = match values.text("part_of") {
        Some(of) => format!("{} · {of}", shown("differing_field")),
        None => shown("differing_field"),
    };
    // Of an invoice that one side lacks, what the other has.
    let whole = match values.get("state") {
        Some(_) => format!("{}, {} msat", shown("state"), shown("amount_msat")),
        None => String::new(),
    };
    let (old, new) = match code {
        Code::LndInvoiceExtra => ("–".to_owned(), whole),
        Code::LndInvoiceMissing => (whole, "–".to_owned()),
        Code::LndLeftBehind => (whole, String::new()),
        _ => (shown("old_value"), shown("new_value")),
    };
    vec![
        place.key.as_deref().map(key).into_any(),
        shown("number").into_any(),
        text(told::meaning(*code).map_or("", |word| word.get(language)).to_owned()),
        text(field),
        text(old),
        text(new),
        text(shown("cost")),
    ]
}

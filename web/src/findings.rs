//! The findings by code, the gravest first; filtered; each place leads to its bytes.

use fulgurite_core::finding::{Code, Severity, Span, Values};
use fulgurite_core::words;
use leptos::prelude::*;

use crate::export::{Document, Group, Place, document};
use crate::format::count;
use crate::labels::{self, fill};
use crate::list::CollectList as _;
use crate::mark;
use crate::state::{Opened, tr, use_page};
use crate::verifying::Signatures;
use crate::view::View;

/// So many places of a code are shown at first, and so many more each time.
const FEW: usize = 5;
const MORE: usize = 100;

/// What leads to the bytes of a place: the file among several, and which they are.
pub(crate) type Lead = fn(View, u32, Span);

/// The list with its filters; with `lead`, places lead to their bytes.
#[component]
pub(crate) fn Findings(opened: Opened, lead: Option<Lead>) -> impl IntoView {
    let language = use_page().language;
    let view = opened.view;
    let report = opened.report.clone();
    let words = Memo::new(move |_| document(&report, language.get()));
    let none = opened.report.findings.is_empty();
    let few = opened.report.counts.len() < 2;
    let gossip = opened.report.gossip.is_some();
    let groups = move || {
        // Where there is nothing to choose from, nothing is chosen.
        let shown = words
            .with(|document| if few { document.groups.clone() } else { passing(document, view) });
        if shown.is_empty() {
            let label = if none { labels::NO_FINDINGS } else { labels::NO_MATCH };
            return view! { <p class="nothing">{tr(label)}</p> }.into_any();
        }
        shown
            .into_iter()
            .map(|group| view! { <GroupOf group view lead=lead /> })
            .collect_list()
            .into_any()
    };
    view! {
        <div class="findings">
            {gossip.then(|| view! { <Signatures opened /> })}
            <Show when=move || !few>
                <Filters words view />
            </Show>
            <div class="scroll" tabindex="0" role="group" aria-label=tr(labels::FINDINGS)>{groups}</div>
        </div>
    }
}

/// The groups that pass the filters. The address may name a code that the file has not: then no
/// choice in the list of codes would lead to it, or away from it.
fn passing(document: &Document, view: View) -> Vec<Group> {
    let there = |code: &Code| document.groups.iter().any(|group| group.code == *code);
    let (severity, code) = (view.severity.get(), view.code.get().filter(there));
    let text = view.text.get().to_lowercase();
    let holds = |words: &str| words.to_lowercase().contains(&text);
    let mut groups = Vec::new();
    for group in &document.groups {
        if severity.is_some_and(|severity| severity != group.severity)
            || code.is_some_and(|code| code != group.code)
        {
            continue;
        }
        let whole = text.is_empty()
            || holds(&group.title)
            || holds(&group.meaning)
            || holds(group.code.name());
        let mut group = group.clone();
        if !whole {
            group.places.retain(|place| holds(&place.place) || holds(&place.values));
            group.count = group.places.len() as u64;
        }
        if !group.places.is_empty() {
            groups.push(group);
        }
    }
    groups
}

#[component]
fn Filters(words: Memo<Document>, view: View) -> impl IntoView {
    let language = use_page().language;
    let chip = move |severity: Option<Severity>| {
        let there = move || {
            let is = |group: &Group| severity.is_none_or(|severity| group.severity == severity);
            words.with(|document| {
                let groups = document.groups.iter().filter(|group| is(group));
                groups.map(|group| group.count).sum::<u64>()
            })
        };
        let name = move || match severity {
            Some(severity) => words::severity(severity).get(language.get()),
            None => labels::ALL.get(language.get()),
        };
        view! {
            <button
                class="chip"
                aria-pressed=move || (view.severity.get() == severity).to_string()
                disabled=move || there() == 0
                on:click=move |_| view.severity.set(severity)
            >
                {severity.map(|severity| mark::shape(severity, false))}
                {name}
                " "
                <span class="count">{move || count(there())}</span>
            </button>
        }
    };
    let codes = move || {
        let option = |group: &Group| {
            let name = group.code.name();
            let selected = view.code.get() == Some(group.code);
            view! { <option value=name selected=selected>{name}</option> }
        };
        words.with(|document| document.groups.iter().map(option).collect_list())
    };
    view! {
        <div class="bar" role="group" aria-label=tr(labels::FINDINGS)>
            <div class="chips" role="group" aria-label=tr(labels::SEVERITY)>
                {chip(None)} {chip(Some(Severity::Damage))} {chip(Some(Severity::Warning))}
                {chip(Some(Severity::Info))}
            </div>
            <select
                aria-label=tr(labels::CODE)
                on:change=move |event| {
                    let name = event_target_value(&event);
                    let known = Code::ALL.iter();
                    view.code.set(known.copied().find(|code| code.name() == name));
                }
            >
                <option value="">{tr(labels::CODE)} ": " {tr(labels::ALL)}</option>
                {codes}
            </select>
            <input
                type="search"
                id="filter"
                placeholder=tr(labels::FILTER_TEXT)
                aria-label=tr(labels::FILTER_TEXT)
                prop:value=move || view.text.get()
                on:input=move |event| view.text.set(event_target_value(&event))
            />
        </div>
    }
}

#[component]
fn GroupOf(group: Group, view: View, lead: Option<Lead>) -> impl IntoView {
    let language = use_page().language;
    let Group { severity, code, title, meaning, count: all, places } = group;
    let kept = places.len();
    let shown = RwSignal::new(FEW);
    let places = StoredValue::new(places);
    let rows = move || {
        let rows = places
            .with_value(|places| places.iter().take(shown.get()).cloned().collect::<Vec<_>>());
        rows.into_iter().map(|place| view! { <PlaceOf place view lead /> }).collect_list()
    };
    let left = move || kept.saturating_sub(shown.get()) as u64;
    let say =
        move |label, number: u64| fill(label, language.get(), &Values::new().with("n", number));
    let counted = all.saturating_sub(kept as u64);
    view! {
        <article class=format!("finding {}", mark::class(severity))>
            <h3>
                {mark::badge(severity)} <span class="title">{title}</span>
                {(all > 1).then(|| view! { <span class="times">"× " {count(all)}</span> })}
                <code>{code.name()}</code>
            </h3>
            <p>{meaning}</p>
            <ul>{rows}</ul>
            <Show when=move || { left() > 0 }>
                <button class="quiet" on:click=move |_| shown.update(|shown| *shown += MORE)>
                    {move || say(labels::PLACES_MORE, left())}
                </button>
            </Show>
            <Show when=move || { counted > 0 }>
                <p class="note">{move || say(labels::ONLY_COUNTED, counted)}</p>
            </Show>
        </article>
    }
}

#[component]
fn PlaceOf(place: Place, view: View, lead: Option<Lead>) -> impl IntoView {
    let Place { input, span, place, values, .. } = place;
    let at = span.start;
    let place = if let Some(lead) = lead {
        view! {
            <button
                class="place"
                aria-pressed=move || {
                    (view.at.get() == Some(at) && view.input.get() == input).to_string()
                }
                on:click=move |_| lead(view, input, span)
            >
                {place}
            </button>
        }
        .into_any()
    } else {
        place.into_any()
    };
    view! {
        <li>
            {place} {(!values.is_empty()).then(|| view! { <span class="values">{values}</span> })}
        </li>
    }
}

//! What releases of lightningd do with a store, one that was given or one that was written: a row
//! for each, with the lines of its log.

use fulgurite_core::finding::Severity;
use fulgurite_core::gossip::verdict::{Fate, ReaderVerdict, ReleaseVerdict};
use fulgurite_core::words::{Text, releases as words};
use leptos::prelude::*;

use crate::format::count;
use crate::labels::{self, repair as own};
use crate::list::CollectList as _;
use crate::mark;
use crate::state::{Opened, tr, use_page};
use crate::view::View;

/// So many rows are shown.
const ROWS: usize = 200;

/// What they do with a file that was opened.
#[component]
pub(crate) fn Releases(opened: Opened) -> impl IntoView {
    let verdicts = &opened.report.releases;
    if verdicts.is_empty() {
        return view! { <p class="nothing">{tr(own::NO_RELEASES)}</p> }.into_any();
    }
    view! {
        <div class="scroll plan" tabindex="0" role="group" aria-label=tr(own::RELEASES)>
            <h2 id="releases-title">{tr(own::RELEASES)}</h2>
            {table(verdicts, "releases-title", Some(opened.view))}
        </div>
    }
    .into_any()
}

/// A row for each, under a title. Places lead to their bytes where these can be looked at.
pub(crate) fn table(
    verdicts: &[ReleaseVerdict],
    title: &'static str,
    view: Option<View>,
) -> impl IntoView + use<> {
    let verdicts = verdicts.iter().take(ROWS).cloned();
    let rows = verdicts.map(|verdict| row(verdict, view)).collect_list();
    view! {
        <table class="releases" aria-labelledby=title>
            <thead>
                <tr>
                    <th scope="col">{tr(own::RELEASE)}</th>
                    <th scope="col">{tr(own::DOES)}</th>
                    <th scope="col">{tr(labels::OFFSET)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(verdict: ReleaseVerdict, view: Option<View>) -> impl IntoView {
    let language = use_page().language;
    let name = if verdict.release == verdict.last {
        verdict.release.to_string()
    } else {
        format!("{} … {}", verdict.release, verdict.last)
    };
    let (accepted, why) = (verdict.accepted, verdict.why);
    let severity = grave(&verdict);
    let style = if accepted { "fine" } else { mark::class(severity) };
    let word = move || words::accepted(accepted).get(language.get());
    let log = verdict.gossipd.log.iter().map(|line| view! { <code>{line.clone()}</code> });
    let log = log.collect_list();
    let readers = readers(&verdict).into_iter().map(|(who, reader)| {
        view! {
            <p>
                {tr(who)} {tr(own::COLON)} {move || words::reader(&reader, language.get())}
            </p>
        }
    });
    let readers = readers.collect_list();
    // Where gossipd has no trouble, another reader may.
    let at = [verdict.gossipd.at, verdict.connectd.at];
    let at = at.into_iter().chain(verdict.plugins.iter().map(|plugins| plugins.at)).flatten();
    let mut places: Vec<u64> = at.collect();
    places.sort_unstable();
    places.dedup();
    let places = places.into_iter().map(|at| match view {
        Some(view) => place(at, view).into_any(),
        None => view! { <p>{count(at)}</p> }.into_any(),
    });
    let places = places.collect_list();
    view! {
        <tr>
            <th scope="row">
                <span class=format!("badge {style}")>
                    {mark::shape(severity, accepted)} {word}
                </span>
                <br />
                {name}
                <span class="values">{move || words::why(why).get(language.get())}</span>
            </th>
            <td>
                <p>{move || words::gossipd(&verdict, language.get())}</p>
                {(!log.is_empty()).then(|| view! { <p class="log">{log}</p> })}
                {readers}
            </td>
            <td>{places}</td>
        </tr>
    }
}

/// An offset that leads to its bytes.
pub(crate) fn place(at: u64, view: View) -> impl IntoView {
    view! {
        <button
            class="place"
            aria-pressed=move || (view.at.get() == Some(at)).to_string()
            on:click=move |_| view.show(at)
        >
            {count(at)}
        </button>
    }
}

/// The other readers of the store, where they have something to say.
fn readers(verdict: &ReleaseVerdict) -> Vec<(Text, ReaderVerdict)> {
    let connectd = (own::CONNECTD, verdict.connectd.clone());
    match &verdict.plugins {
        Some(plugins) if *plugins == verdict.connectd => {
            vec![(own::BOTH_READERS, plugins.clone())]
        }
        Some(plugins) => vec![(own::PLUGINS, plugins.clone()), connectd],
        None => vec![connectd],
    }
}

/// Losing what comes after a torn record is not losing the store.
fn grave(verdict: &ReleaseVerdict) -> Severity {
    match verdict.gossipd.fate {
        _ if verdict.accepted => Severity::Info,
        Fate::Prefix | Fate::Accepted | Fate::Compacted | Fate::Upgraded => Severity::Warning,
        _ => Severity::Damage,
    }
}

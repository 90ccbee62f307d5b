//! The view of a repair: what to write, the plan, what is done where, the saved store, the steps.

use std::sync::Arc;

use fulgurite_core::finding::Values;
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::salvage::{Action, Plan, Reason, Row};
use fulgurite_core::words::{self, Language, Text, plan as plan_words};
use leptos::prelude::*;

use super::{NAME, Outcome, Repairing, Work, why};
use crate::format::{count, share};
use crate::labels::{self, figures, fill, repair as own};
use crate::list::CollectList as _;
use crate::mark;
use crate::releases;
use crate::state::{Shown, tr, use_page};
use crate::view::View;

/// So many rows are shown at first, and so many more each time.
const ROWS: usize = 100;

/// The versions that can be written, the newest first.
const VERSIONS: std::ops::RangeInclusive<u8> = 9..=16;

/// A file that goes into the repaired store.
#[derive(Clone)]
pub(crate) struct Source {
    /// The file's page, if another than the one that is shown.
    pub(crate) shown: Option<u32>,
    /// Its name.
    pub(crate) name: Arc<str>,
    /// What the engine knows it by.
    pub(crate) handle: u32,
    /// What is being looked at in it.
    pub(crate) view: View,
}

/// The repair of one store, or of several into one.
#[component]
pub(crate) fn Repair(repairing: Repairing, sources: Vec<Source>) -> impl IntoView {
    let page = use_page();
    let Repairing { work, plan, failed, .. } = repairing;
    let what = if sources.len() > 1 { own::MERGE_WHAT } else { own::REPAIR_WHAT };
    let handles: Vec<u32> = sources.iter().map(|source| source.handle).collect();
    let busy = Memo::new(move |_| work.with(Option::is_some));
    let make = move |_| {
        if !busy.get_untracked() {
            repairing.make_plan(page, handles.clone());
        }
    };
    let of_plan = move || {
        let sources = sources.clone();
        plan.get().map(|plan| view! { <PlanOf plan sources repairing busy /> })
    };
    let of_failure = move || {
        let failure = failed.get()?;
        Some(view! { <p class="bad">{why(&failure, page.language.get())}</p> })
    };
    view! {
        <div class="scroll plan" tabindex="0" role="group" aria-label=tr(own::REPAIR)>
            <h2>{tr(own::REPAIR)}</h2>
            <p>{tr(what)}</p>
            <div class="bar">
                <label>
                    {tr(own::WRITE_VERSION)} " " <Versions repairing busy />
                </label>
                <button
                    id="make-plan"
                    class="primary"
                    aria-disabled=move || busy.get().to_string()
                    on:click=make
                >
                    {tr(own::MAKE_PLAN)}
                </button>
            </div>
            {move || busy.get().then(|| view! { <Busy repairing /> })}
            {of_failure}
            {of_plan}
        </div>
    }
}

#[component]
fn Versions(repairing: Repairing, busy: Memo<bool>) -> impl IntoView {
    let page = use_page();
    let options = VERSIONS.rev().map(|version| {
        let facts = Version(version).facts();
        let text = move || {
            let values = Values::new().with("version", u64::from(version));
            let Some(facts) = facts else { return version.to_string() };
            // One version was never released, but later releases read it.
            let (label, values) = if facts.written_by.is_empty() {
                (own::VERSION_READ, values.with("read_by", facts.read_by))
            } else {
                (own::VERSION_OF, values.with("written_by", facts.written_by))
            };
            fill(label, page.language.get(), &values)
        };
        let chosen = move || repairing.version.get() == Some(version);
        view! { <option value=version.to_string() selected=chosen>{text}</option> }
    });
    view! {
        <select
            id="write-version"
            disabled=move || busy.get()
            on:change=move |event| {
                // What was planned was planned for another version.
                repairing.dismiss(page);
                repairing.version.set(event_target_value(&event).parse().ok());
            }
        >
            <option value="">{tr(own::SAME_VERSION)}</option>
            {options.collect_list()}
        </select>
    }
}

/// How far it is.
#[component]
fn Busy(repairing: Repairing) -> impl IntoView {
    let page = use_page();
    let work = move || repairing.work.get();
    let part =
        |work: Work| if work.total > 0 { share(work.done, work.total) } else { String::new() };
    view! {
        <div class="working" aria-busy="true">
            <p>
                {move || work().map(|work| work.what.get(page.language.get()))} " "
                <span class="count">{move || work().map(part)}</span>
            </p>
            <progress
                aria-label=move || work().map(|work| work.what.get(page.language.get()))
                max=move || work().map_or(1, |work| work.total.max(1)).to_string()
                prop:value=move || work().map_or(0, |work| work.done).to_string()
            ></progress>
            <button on:click=move |_| repairing.cancel(page)>{tr(labels::CANCEL)}</button>
        </div>
    }
}

/// The plan: what comes of it, then why, then where.
#[component]
fn PlanOf(
    plan: Arc<Plan>,
    sources: Vec<Source>,
    repairing: Repairing,
    busy: Memo<bool>,
) -> impl IntoView {
    let page = use_page();
    let language = page.language;
    let of_summary = plan.clone();
    let summary = move || plan_words::summary(&of_summary, language.get());
    if plan.unchanged {
        return view! { <p id="summary" class="summary">{summary}</p> }.into_any();
    }
    let of_notes = plan.clone();
    let notes = move || {
        let notes = plan_words::notes(&of_notes, language.get()).into_iter();
        notes.map(|note| view! { <li>{note}</li> }).collect_list()
    };
    let mended = plan.mended_by.iter().map(|row| (row.records, plan_words::mend(row.mend)));
    let dropped = plan.dropped_by.iter().map(|row| (row.records, plan_words::reason(row.reason)));
    let totals = [totals(own::MENDED, mended.collect()), totals(own::DROPPED, dropped.collect())];
    let save = move |_| {
        if !busy.get_untracked() {
            repairing.save(page);
        }
    };
    view! {
        <p id="summary" class="summary">{summary}</p>
        <ul class="notes">{notes}</ul>
        <p>
            <button
                id="save-repaired"
                class="primary"
                aria-disabled=move || busy.get().to_string()
                on:click=save
            >
                {tr(own::SAVE_REPAIRED)}
            </button>
        </p>
        {move || repairing.outcome.get().map(|outcome| view! { <OutcomeOf outcome language /> })}
        {totals.into_iter().collect_list()}
        <Rows plan sources />
    }
    .into_any()
}

/// Counts of records with what was mended in them, or why they are left out.
fn totals(title: Text, rows: Vec<(u64, Text)>) -> Option<AnyView> {
    let language = use_page().language;
    let items = rows.into_iter().map(|(records, text)| {
        view! { <div><dt>{move || text.get(language.get())}</dt><dd>{count(records)}</dd></div> }
    });
    let items = items.collect_list();
    (!items.is_empty())
        .then(|| view! { <h3>{tr(title)}</h3><dl class="totals">{items}</dl> }.into_any())
}

/// What is done with which bytes; what is kept, or dead already, only if it is wanted.
#[component]
fn Rows(plan: Arc<Plan>, sources: Vec<Source>) -> impl IntoView {
    let language = use_page().language;
    let all = RwSignal::new(false);
    let most = RwSignal::new(ROWS);
    let telling = |row: &&Row| row.action != Action::Keep && row.reason != Some(Reason::Dead);
    let told = plan.rows.iter().filter(telling).count();
    let there = plan.rows.len();
    let left_off = plan.rows_left_off;
    let left = move || {
        let rows = if all.get() { there } else { told };
        rows.saturating_sub(most.get()) as u64
    };
    let rows = move || {
        let (language, all) = (language.get(), all.get());
        let rows = plan.rows.iter().filter(|row| all || telling(row)).take(most.get());
        rows.map(|row| row_of(row, &sources, language)).collect_list()
    };
    let say =
        move |label, number: u64| fill(label, language.get(), &Values::new().with("n", number));
    let heads = [own::ACTION, labels::OFFSET, labels::TYPE, own::RECORDS_OF, own::WHY];
    let heads = heads.map(|label| view! { <th scope="col">{tr(label)}</th> });
    view! {
        <div class="bar">
            <h3 id="rows-title">{tr(own::PLACES)}</h3>
            <Show when=move || there != told>
                <button
                    class="chip"
                    aria-pressed=move || all.get().to_string()
                    on:click=move |_| all.update(|all| *all = !*all)
                >
                    {tr(own::ALL_ROWS)}
                </button>
            </Show>
        </div>
        <Show when=move || told == 0 && !all.get()>
            <p class="note">{tr(own::NO_ROWS)}</p>
        </Show>
        <div class="sideways" tabindex="0" role="group" aria-labelledby="rows-title">
            <table class="places" aria-labelledby="rows-title">
                <thead>
                    <tr>{heads.into_iter().collect_list()}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Show when=move || { left() > 0 }>
            <button class="quiet" on:click=move |_| most.update(|most| *most += ROWS)>
                {move || say(own::SHOW_ROWS, left().min(ROWS as u64))}
            </button>
        </Show>
        <Show when=move || { left_off > 0 }>
            <p class="note">{move || say(labels::ONLY_COUNTED, left_off)}</p>
        </Show>
    }
}

fn row_of(row: &Row, sources: &[Source], language: Language) -> impl IntoView {
    let page = use_page();
    let style = match row.action {
        Action::Keep | Action::Move => "",
        Action::Mend => "warning",
        Action::Drop => "faint",
        Action::Lose => "bad",
    };
    let source = usize::try_from(row.source).ok().and_then(|number| sources.get(number)).cloned();
    let several = sources.len() > 1;
    let name = source.as_ref().filter(|_| several).map(|source| source.name.to_string());
    let at = row.span.start;
    let place = source.map(|source| {
        let Source { shown, view, .. } = source;
        view! {
            <button
                class="place"
                aria-pressed=move || (view.at.get() == Some(at)).to_string()
                on:click=move |_| {
                    if let Some(id) = shown {
                        page.shown.set(Shown::File(id));
                    }
                    view.show(at);
                }
            >
                {count(at)}
            </button>
        }
    });
    // Nobody can say how many records there were in what is lost.
    let records = if row.records > 0 { count(row.records) } else { "–".to_owned() };
    let kind = row.record_type.as_deref().unwrap_or("–").to_owned();
    view! {
        <tr>
            <th scope="row" class=style>{plan_words::action(row.action).get(language)}</th>
            <td>
                {place}
                {name.map(|name| view! { <bdi class="values">{name}</bdi> })}
            </td>
            <td>{kind}</td>
            <td>{records}</td>
            <td>{reasons(row, language)}</td>
        </tr>
    }
}

/// The reason, or what was mended and what proves it, or how much is lost.
fn reasons(row: &Row, language: Language) -> String {
    if let Some(reason) = row.reason {
        return plan_words::reason(reason).get(language).to_owned();
    }
    if row.action == Action::Lose {
        return fill(figures::IN_BYTES, language, &Values::new().with("n", row.span.len()));
    }
    let mends = row.mends.iter().zip(&row.proofs).map(|(mend, proof)| {
        let values = Values::new().with("mend", plan_words::mend(*mend).get(language));
        let values = values.with("proof", plan_words::proof(*proof).get(language));
        fill(own::MENDED_BY, language, &values)
    });
    let bits = row.bits.iter().map(|(byte, bit)| {
        let values = Values::new().with("byte", count(*byte)).with("bit", u64::from(*bit));
        fill(own::BIT_AT, language, &values)
    });
    mends.chain(bits).collect::<Vec<_>>().join(own::SEMICOLON.get(language))
}

/// What the check says of the repaired store, what lightningd does with it, and how to put it in
/// its place.
#[component]
fn OutcomeOf(outcome: Outcome, language: RwSignal<Language>) -> impl IntoView {
    let sound = outcome.is_sound();
    let sha256 = outcome.sha256.clone();
    let severity = outcome.verdict.severity;
    let sentence =
        move || words::heading(outcome.verdict.headline, &outcome.verdict.values, language.get());
    let releases = (!outcome.releases.is_empty()).then(|| {
        view! {
            <h3 id="new-releases-title">{tr(own::RELEASES)}</h3>
            {releases::table(&outcome.releases, "new-releases-title", None)}
        }
    });
    let steps = if sound {
        view! { <Steps sha256=sha256.clone() /> }.into_any()
    } else {
        view! { <p class="bad">{tr(own::DO_NOT_USE)}</p> }.into_any()
    };
    view! {
        <h3>{tr(own::CHECKED)}</h3>
        <p id="outcome">{mark::verdict(severity)} " " {sentence}</p>
        {sha256.map(|hash| view! { <p class="log">"SHA-256 " <code id="sha256">{hash.to_string()}</code></p> })}
        {releases}
        {steps}
    }
}

/// How to put it in place. Without a hash there is nothing to compare the copy with.
#[component]
fn Steps(sha256: Option<Arc<str>>) -> impl IntoView {
    let language = use_page().language;
    let hash = sha256.as_deref().unwrap_or_default();
    let steps = plan_words::INSTALL.iter().filter(|step| {
        !hash.is_empty() || !step.command.is_some_and(|command| command.contains("{sha256}"))
    });
    let steps = steps.map(|step| {
        let what = step.what;
        let command = step.command.map(|command| plan_words::command(command, NAME, hash));
        view! {
            <li>
                {move || what.get(language.get())}
                {command.map(|command| view! { <code>{command}</code> })}
            </li>
        }
    });
    view! {
        <h3>{tr(own::IN_PLACE)}</h3>
        <ol class="install">{steps.collect_list()}</ol>
    }
}

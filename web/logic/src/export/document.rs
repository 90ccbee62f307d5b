//! A report in words and figures, in one language, not yet in any medium.

use fulgurite_core::finding::{Code, Confidence, Finding, Severity, Span, Values};
use fulgurite_core::gossip::report::{GossipReport, VersionReport};
use fulgurite_core::gossip::signatures::SignatureReport;
use fulgurite_core::report::Report;
use fulgurite_core::words::{self, Language};

use super::lnd::{self, Lnd};
use crate::format;
use crate::labels::{self, figures as label, fill};

/// A report in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// How bad, in a word.
    pub word: &'static str,
    /// How bad.
    pub severity: Severity,
    /// The verdict.
    pub sentence: String,
    /// What to do, the safest first.
    pub steps: Vec<&'static str>,
    /// The findings by code, the gravest first.
    pub groups: Vec<Group>,
    /// Records by type.
    pub types: Vec<TypeRow>,
    /// What else the store holds: label and value.
    pub figures: Vec<(&'static str, String)>,
    /// What LND's stores are, and what LND would do with them.
    pub lnd: Option<Lnd>,
    /// What the data's form is called.
    pub schema: String,
}

/// All findings of one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Of the worst of them.
    pub severity: Severity,
    /// Its stable name.
    pub code: Code,
    /// What it is.
    pub title: String,
    /// What that means.
    pub meaning: String,
    /// How many there are, counted ones included.
    pub count: u64,
    /// Those that are kept.
    pub places: Vec<Place>,
}

/// Where one finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number among the report's findings.
    pub finding: usize,
    /// Which of several files.
    pub input: u32,
    /// The bytes to look at.
    pub span: Span,
    /// Which bytes, what they belong to, how sure.
    pub place: String,
    /// Its values, labelled.
    pub values: String,
}

/// Records of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeRow {
    /// The number, or a dash.
    pub number: String,
    /// Upstream's name.
    pub name: String,
    /// Live, deleted, bad checksum; bytes live, bytes deleted.
    pub counts: [u64; 5],
}

/// Puts a report into words.
pub fn document(report: &Report, language: Language) -> Document {
    let verdict = &report.verdict;
    let fine = verdict.severity == Severity::Info;
    let word = if fine { labels::FINE } else { words::severity(verdict.severity) };
    let gossip = report.gossip.as_ref();
    Document {
        word: word.get(language),
        severity: verdict.severity,
        sentence: words::heading(verdict.headline, &verdict.values, language),
        steps: verdict.next.iter().map(|step| words::step(*step).get(language)).collect(),
        groups: groups(report, language),
        types: gossip.map(types).unwrap_or_default(),
        figures: figures(report, language),
        lnd: lnd::lnd(report, language),
        schema: report.schema.clone().into_owned(),
    }
}

fn groups(report: &Report, language: Language) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (number, finding) in report.findings.iter().enumerate() {
        let place = place(report, number, finding, language);
        match groups.iter_mut().find(|group| group.code == finding.code) {
            Some(group) => {
                group.severity = group.severity.max(finding.severity);
                group.places.push(place);
            }
            None => groups.push(Group {
                severity: finding.severity,
                code: finding.code,
                title: words::title(finding, language),
                meaning: words::meaning(finding, language),
                count: report.count(finding.code),
                places: vec![place],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.severity));
    groups
}

fn place(report: &Report, finding: usize, found: &Finding, language: Language) -> Place {
    let place = &found.place;
    let number = place.input.unwrap_or(0);
    let input = report.inputs.get(number as usize).unwrap_or(&report.input);
    let mut text = format::span(place.span, input.size, language);
    if !report.inputs.is_empty() {
        text = format!("{} · {text}", lnd::file(number, language));
    }
    let parts = [place.record_type.as_deref(), place.path.as_deref(), place.key.as_deref()];
    for part in parts.into_iter().flatten() {
        text.push_str(" · ");
        text.push_str(part);
    }
    if found.confidence != Confidence::Certain {
        text.push_str(" · ");
        text.push_str(words::confidence(found.confidence).get(language));
    }
    let (colon, semicolon) = match language {
        Language::English => (": ", "; "),
        Language::SimplifiedChinese => ("：", "；"),
    };
    let values = found.values.iter().map(|(name, value)| {
        let label = words::label(name).map_or(name, |label| label.get(language));
        format!("{label}{colon}{}", words::value(name, value, language))
    });
    let values = values.collect::<Vec<_>>().join(semicolon);
    Place { finding, input: number, span: place.span, place: text, values }
}

fn types(gossip: &GossipReport) -> Vec<TypeRow> {
    let row = |row: &fulgurite_core::gossip::tally::TallyRow| TypeRow {
        number: row.number.map_or_else(|| "–".to_owned(), |number| number.to_string()),
        name: row.name.clone().into_owned(),
        counts: [row.live, row.deleted, row.bad_checksum, row.live_bytes, row.deleted_bytes],
    };
    gossip.types.iter().map(row).collect()
}

/// What a store holds beside records by type: label and value.
pub fn figures(report: &Report, language: Language) -> Vec<(&'static str, String)> {
    let mut rows: Vec<(&'static str, String)> = Vec::new();
    let mut add = |label: words::Text, value: String| rows.push((label.get(language), value));
    let say = |template, values: Values| fill(template, language, &values);
    let bytes = |count: u64| say(label::IN_BYTES, Values::new().with("n", count));
    if report.inputs.is_empty() {
        add(label::SIZE, bytes(report.input.size));
    }
    let Some(gossip) = &report.gossip else { return rows };
    let network = &gossip.network;
    add(label::VERSION, version(&gossip.version, language));
    let values = Values::new().with("records", gossip.records).with("deleted", gossip.deleted);
    add(label::RECORDS, say(label::OF_THEM_DELETED, values));
    if gossip.wounds > 0 {
        let values =
            Values::new().with("wounds", gossip.wounds).with("bytes", gossip.wounded_bytes);
        add(label::WOUNDS, say(label::WOUNDS_ARE, values));
        let values =
            Values::new().with("lost", gossip.lost).with("uncounted", gossip.uncounted_wounds);
        add(label::LOST, say(label::LOST_ARE, values));
    }
    let values =
        Values::new().with("channels", network.channels).with("capacity", network.capacity_sat);
    add(label::CHANNELS, say(label::CHANNELS_ARE, values));
    let values = Values::new().with("updates", network.updates).with("disabled", network.disabled);
    add(label::UPDATES, say(label::UPDATES_ARE, values));
    let values = Values::new().with("nodes", network.nodes);
    let values = values.with("announced", network.announced_nodes);
    add(label::NODES, say(label::NODES_ARE, values));
    add(label::LIVE_BYTES, bytes(gossip.live_bytes));
    add(label::DELETED_BYTES, bytes(gossip.deleted_bytes));
    add(label::UNPROTECTED, bytes(gossip.unprotected_bytes));
    let values =
        Values::new().with("live", network.live_records).with("dead", network.dead_records);
    add(label::UPSTREAM, say(label::LIVE_AND_DEAD, values));
    let compaction = &gossip.compaction;
    let text = label::compaction(compaction.rule, compaction.size_rule_met);
    add(label::COMPACTION, text.get(language).to_owned());
    let sync = &gossip.sync;
    let values = Values::new().with("messages", sync.messages).with("bytes", sync.wire_bytes);
    add(label::SYNC, say(label::SYNC_IS, values));
    if let Some(verified) = &gossip.signatures {
        add(label::SIGNATURES, signatures(verified, language));
    }
    if let (Some(oldest), Some(newest)) = (network.oldest_timestamp, network.newest_timestamp) {
        add(label::OLDEST, format::time(oldest));
        add(label::NEWEST, format::time(newest));
    }
    if network.channels > 0 {
        let chosen = network.newest_timestamp != Some(network.now);
        let values = Values::new()
            .with("stay", network.channels_after_prune)
            .with("channels", network.channels)
            .with("now", format::time(network.now));
        add(label::PRUNE, say(if chosen { label::STAY_NOW } else { label::STAY }, values));
    }
    rows
}

/// What verifying signatures came to, in a sentence.
pub fn signatures(verified: &SignatureReport, language: Language) -> String {
    let values = Values::new()
        .with("valid", verified.valid)
        .with("records", verified.records)
        .with("signatures", verified.signatures)
        .with("invalid", verified.invalid)
        .with("all_zero", verified.all_zero)
        .with("unverifiable", verified.unverifiable);
    fill(label::SIGNATURES_ARE, language, &values)
}

fn version(version: &VersionReport, language: Language) -> String {
    let releases = |name, text: &str| {
        let word = words::word(name, text);
        word.map_or_else(|| text.to_owned(), |word| word.get(language).to_owned())
    };
    let number = if version.byte == version.read_as {
        version.byte.to_string()
    } else {
        let values = Values::new()
            .with("byte", u32::from(version.byte))
            .with("read_as", u32::from(version.read_as));
        fill(label::READ_AS, language, &values)
    };
    let values = Values::new()
        .with("written_by", releases("written_by", &version.written_by))
        .with("read_by", releases("read_by", &version.read_by));
    let rest = fill(label::READ_BY, language, &values);
    match language {
        Language::English => format!("{number} ({rest})"),
        Language::SimplifiedChinese => format!("{number}（{rest}）"),
    }
}

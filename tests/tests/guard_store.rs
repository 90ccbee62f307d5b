//! `core::guard` between redb and SQLite, killed a thousand times.
//!
//! The example `guard_store` runs as a child process, is killed with SIGKILL at a point drawn from
//! a seed (after so many lines that it has said, or a certain one, and so many microseconds more), and both stores
//! are read: every row that was ever reported as written is there, once, in the store in force;
//! nothing else is; and no configuration would open the other. Then it is started again, with any
//! configuration.
//!
//! The child is this very test binary, so that it is always built from the same source.
//! `FULGURITE_SEED` sets the seed, `FULGURITE_KILLS` the number of kills.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fulgurite_core::guard::{
    Answer, Ask, NewMark, NewStore, OldMark, OldStore, Outcome, Phase, Task, Turn, Wish,
};

#[path = "../examples/guard_store.rs"]
#[allow(dead_code)] // its `main`
mod example;

use example::{Draw, MODULES, Redb, Sqlite, life, value};

/// Where the child finds its folder, its configuration and its seed.
const CHILD: &str = "FULGURITE_GUARD_CHILD";

/// The longest that a child goes on, behind the line after which it is to be killed.
const LONGEST_MICROS: [u64; 2] = [100, 1_500];

/// A life says some twenty lines.
const LINES: u64 = 16;

#[test]
fn one_life_of_the_example() {
    let Ok(arguments) = std::env::var(CHILD) else { return };
    let mut parts = arguments.splitn(3, ' ');
    let wish = if parts.next() == Some("old") { Wish::Old } else { Wish::New };
    let seed = parts.next().and_then(|seed| seed.parse().ok()).expect("a seed");
    life(Path::new(parts.next().expect("a folder")), wish, seed).expect("a life without errors");
}

#[test]
fn a_thousand_kills_lose_nothing_and_open_one_store() {
    if std::env::var_os(CHILD).is_some() {
        return;
    }
    let number = |name, default| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    let seed = number("FULGURITE_SEED", 20_261_121);
    let kills = number("FULGURITE_KILLS", 1_000);
    println!("FULGURITE_SEED={seed}");

    let started = Instant::now();
    let mut draw = Draw(seed);
    let mut tally = Tally::default();
    let root = memory().join(format!("fulgurite-guard-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&root);
    while tally.kills < kills {
        let folder = root.join(tally.rounds.to_string());
        round(&folder, &mut draw, &mut tally, kills);
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
    let _ = std::fs::remove_dir_all(&root);
    println!("{tally:#?}\nin {:?}", started.elapsed());
    // Every kind of wreck was met, and got out of. (Between void and aborted lies so little that it
    // is met only now and then.)
    for wreck in ["untouched", "intent", "committed without done", "aborted", "done"] {
        assert!(kills < 1_000 || tally.found.contains_key(wreck), "never killed in: {wreck}");
    }
    assert!(tally.alarms > 0, "no rollback was tried");
}

/// After what a child is to be killed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Point {
    /// It may end by itself.
    Never,
    /// So many lines.
    Lines(usize),
    /// The first line that begins with this word.
    Word(&'static str),
}

/// Behind these the marks change; without aiming at them most kills would miss.
const WORDS: [&str; 3] = ["begin", "intent", "committed"];

/// A folder in memory, if there is one. A kill, unlike a loss of power, takes nothing of what was
/// handed to the system, so that a disk would only make this slower.
fn memory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.into() } else { env!("CARGO_TARGET_TMPDIR").into() }
}

/// What happened.
#[derive(Debug, Default)]
struct Tally {
    kills: u64,
    ends: u64,
    rounds: u64,
    rows: usize,
    alarms: u64,
    /// In which state of a module's marks a kill fell, how often.
    found: BTreeMap<&'static str, u64>,
}

/// What is known of a module from the outside.
#[derive(Debug, Default)]
struct Known {
    tried: BTreeSet<i64>,
    written: BTreeSet<i64>,
    /// The new store was open once.
    moved: bool,
    swept: bool,
}

/// Lives on one pair of stores, until all modules have moved and lived on a little.
fn round(folder: &Path, draw: &mut Draw, tally: &mut Tally, kills: u64) {
    std::fs::create_dir_all(folder).expect("a folder");
    let mut known: BTreeMap<&str, Known> = MODULES.map(|name| (name, Known::default())).into();
    let mut lives_left = 2;
    let mut interrupted = false;
    while lives_left > 0 && tally.kills < kills {
        let point = match draw.below(16) {
            0 => Point::Never,
            _ if interrupted => Point::Word(["abort", "resume", "committed"][draw.below(3)]),
            1..=9 => Point::Lines(draw.below(LINES)),
            _ => Point::Word(WORDS[draw.below(WORDS.len() as u64)]),
        };
        let longest = LONGEST_MICROS[draw.below(2)];
        let micros = draw.below(longest);
        let wish = if draw.below(3) == 0 { "old" } else { "new" };
        let seed = draw.below(1 << 32);
        let (killed, said) = run(&format!("{wish} {seed} {}", folder.display()), point, micros);
        tally.kills += u64::from(killed);
        tally.ends += u64::from(!killed);
        for line in &said {
            hear(line, wish, &mut known, tally);
        }
        interrupted = check(folder, &mut known, tally);
        if known.values().all(|known| known.moved) {
            lives_left -= 1;
        }
    }
    tally.rows += known.values().map(|known| known.written.len()).sum::<usize>();
    tally.rounds += 1;
}

/// One child. Says whether it was killed, and what it had said by then.
fn run(arguments: &str, point: Point, micros: usize) -> (bool, Vec<String>) {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["one_life_of_the_example", "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD, arguments)
        .env_remove("RUST_BACKTRACE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this test starts again");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut said = Vec::new();
    let mut read = |most: usize, until: &str| {
        for _ in 0..most {
            let mut line = String::new();
            if out.read_line(&mut line).expect("text") == 0 {
                return;
            }
            // A line that the kill has cut says nothing.
            if let (true, Some(line)) = (line.ends_with('\n'), line.trim_end().strip_prefix("> ")) {
                said.push(line.to_string());
                if line.split(' ').next() == Some(until) {
                    return;
                }
            }
        }
    };
    // The test harness says three lines of its own first.
    match point {
        Point::Never => {}
        Point::Lines(lines) => read(lines + 3, ""),
        Point::Word(word) => read(usize::MAX, word),
    }
    if point != Point::Never {
        std::thread::sleep(Duration::from_micros(micros as u64));
        let _ = child.kill();
    }
    read(usize::MAX, "");
    let output = child.wait_with_output().expect("it has ended");
    let killed = output.status.code().is_none();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(killed || output.status.success(), "{arguments}: {error}\n{said:#?}");
    (killed, said)
}

/// Takes down what a child said.
fn hear(line: &str, wish: &str, known: &mut BTreeMap<&str, Known>, tally: &mut Tally) {
    let words: Vec<&str> = line.split(' ').collect();
    let id = |text: &str| text.parse::<i64>().expect("a number");
    match words[..] {
        ["try", module, row] => {
            known.get_mut(module).expect("a module").tried.insert(id(row));
        }
        ["wrote", side, module, row] => {
            let known = known.get_mut(module).expect("a module");
            assert!(known.written.insert(id(row)), "{module}: row {row} was written twice");
            assert_eq!(side == "new", known.moved, "{module}: written to the {side} store");
        }
        ["entry", "new", module] => {
            assert_eq!(wish, "new", "{module}: opened against its configuration");
            known.get_mut(module).expect("a module").moved = true;
        }
        ["entry" | "reopened", .., module] => {
            assert!(!known[module].moved, "{module}: {line}, though it had moved");
        }
        ["swept", module] => known.get_mut(module).expect("a module").swept = true,
        ["alarm", module, ..] => {
            assert_eq!(wish, "old");
            assert!(line.contains(&format!("{module} migration already completed")), "{line}");
            tally.alarms += 1;
        }
        _ => {}
    }
}

/// Reads both stores as the kill has left them, without the guard and without changing them. Says
/// whether some migration stands between its intent and its end.
fn check(folder: &Path, known: &mut BTreeMap<&str, Known>, tally: &mut Tally) -> bool {
    let mut old = Redb::open(folder).expect("redb recovers");
    let mut new = Sqlite::open(folder).expect("SQLite recovers");
    let mut interrupted = false;
    for (module, known) in known {
        let marks = (old.mark(module).expect("a mark"), new.mark(module).expect("a mark"));
        *tally.found.entry(wreck(&marks)).or_default() += 1;

        interrupted |= wreck(&marks) == "intent";
        let opens = |side| [Wish::Old, Wish::New].iter().any(|&wish| ends(&marks, wish) == side);
        assert!(!(opens(Some(Side::Old)) && opens(Some(Side::New))), "{module}: {marks:?}");

        let in_old = rows(old.rows(module).expect("rows"), module);
        let in_new = rows(new.rows(module).expect("rows"), module);
        let in_force = if matches!(marks.1, Some(NewMark::Committed { .. })) {
            assert!(in_old.is_subset(&in_new), "{module}: left in the old store only");
            assert!(!known.swept || in_old.is_empty(), "{module}: in both stores");
            in_new
        } else {
            assert!(!known.moved, "{module}: the commit is gone");
            assert!(in_new.is_empty(), "{module}: in the new store without a commit");
            in_old
        };
        assert!(known.written.is_subset(&in_force), "{module}: written rows are lost");
        assert!(in_force.is_subset(&known.tried), "{module}: rows that nobody wrote");
        // What was there once must stay, reported or not.
        known.written = in_force;
    }
    interrupted
}

/// The numbers of the rows, each once, with the right content.
fn rows(rows: example::Rows, module: &str) -> BTreeSet<i64> {
    let count = rows.len();
    let ids: BTreeSet<i64> = rows
        .into_iter()
        .map(|(id, content)| {
            assert_eq!(content, value(module, id), "{module}: row {id}");
            id
        })
        .collect();
    assert_eq!(ids.len(), count, "{module}: a row twice");
    ids
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Old,
    New,
}

/// Which store a start would open; the marks stay as they are.
fn ends((old, new): &(Option<OldMark>, Option<NewMark>), wish: Wish) -> Option<Side> {
    let mut task = Task::start(wish);
    loop {
        let answer = match task.ask() {
            Ask::ReadOld => Answer::Old(old.clone()),
            Ask::ReadNew => Answer::New(*new),
            Ask::WriteOld { .. } => Answer::Written,
            Ask::VoidNew { .. } => panic!("a start gives nothing up"),
        };
        match task.answer(answer) {
            Turn::More(next) => task = next,
            Turn::End(Outcome::Old(_)) => return Some(Side::Old),
            Turn::End(Outcome::New { .. }) => return Some(Side::New),
            Turn::End(_) => return None,
        }
    }
}

fn wreck(marks: &(Option<OldMark>, Option<NewMark>)) -> &'static str {
    match marks {
        (None, None) => "untouched",
        (Some(old), new) => match (old.phase, new) {
            (Phase::Intent, Some(NewMark::Committed { .. })) => "committed without done",
            (Phase::Intent, Some(NewMark::Void { epoch })) if *epoch == old.epoch => "void",
            (Phase::Intent, _) => "intent",
            (Phase::Aborted, Some(NewMark::Void { .. })) => "aborted",
            (Phase::Done, Some(NewMark::Committed { .. })) => "done",
            _ => panic!("no such state: {marks:?}"),
        },
        (None, Some(_)) => panic!("no such state: {marks:?}"),
    }
}

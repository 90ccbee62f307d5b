//! What connectd sends from v24.08 on, against `common/gossmap.c` and `connectd/multiplex.c` at
//! v24.08, v24.11, v25.02, v25.09.1, v26.04 and v26.06.6: `maybe_gossip_msg` streams by
//! `gossmap_stream_next`, which goes from header to header up to `map_size` and looks at DELETED,
//! DYING and the type only; queries and lookups go through the map, which ends where the walk does.

use super::*;

/// The same record with another checksum.
fn broken(mut record: Vec<u8>) -> Vec<u8> {
    record[7] ^= 1;
    record
}

fn with(version: u8, records: &[Vec<u8>]) -> Vec<u8> {
    [store(version), records.concat()].concat()
}

/// How connectd and a plugin of that release end, and where.
fn both(release: &str, bytes: &[u8]) -> [(&'static str, Option<Check>, Option<u64>); 2] {
    let found = verdict(release, bytes);
    let how = |reader: &ReaderVerdict| (reader.reads.name(), reader.check, reader.at);
    [how(&found.connectd), how(found.plugins.as_ref().unwrap())]
}

fn stops(version: u8, check: Check) -> [(&'static str, Option<Check>, Option<u64>); 2] {
    let next = Some(store(version).len() as u64);
    [("sends_on", Some(check), next), ("part", Some(check), next)]
}

#[test]
fn peers_are_sent_what_stands_behind_the_spot_too() {
    let behind = || record(0x2000, &update(5, 0));
    // A wrong checksum, seen by the map from v25.02 on.
    for (release, version) in [("v25.02", 14), ("v25.12", 15), ("v26.06", 16)] {
        let bytes = with(version, &[broken(behind()), behind()]);
        assert_eq!(both(release, &bytes), stops(version, Check::Checksum), "{release}");
        // The record itself is sent as well, though nothing stands behind it.
        let bytes = with(version, &[broken(behind())]);
        assert_eq!(both(release, &bytes), stops(version, Check::Checksum), "{release}");
    }
    // A record that nobody has finished, whole as it is.
    for (release, version) in [("v26.04", 16), ("v26.06", 16)] {
        let bytes = with(version, &[record(0, &update(5, 0)), behind()]);
        assert_eq!(both(release, &bytes), stops(version, Check::Completed), "{release}");
    }
    // A channel announced twice ended the walk of v24.08 and v24.11.
    let twice = [record(0, &announcement(5, [1, 2])), record(0, &amount())];
    for release in ["v24.08", "v24.11"] {
        assert_eq!(both(release, &with(14, &twice)), stops(14, Check::Duplicate), "{release}");
    }
}

#[test]
fn a_record_that_the_file_cuts_off_ends_the_sending_too() {
    let next = Some(store(16).len() as u64);
    let torn = |flags| with(16, &[record(flags, &update(5, 0))[..100].to_vec()]);
    for (flags, check) in [(0x2000, Check::Torn), (0, Check::Completed)] {
        let part = ("part", Some(check), next);
        assert_eq!(both("v26.06", &torn(flags)), [part, part]);
    }
    let stray = with(16, &[Vec::from([0x20, 0, 0, 9, 1])]);
    let part = ("part", Some(Check::Stray), next);
    assert_eq!(both("v26.06", &stray), [part, part]);
    // What a newer program wrote is not opened: plugins do without, connectd does not.
    let mut other = store(16);
    other[0] = 0x30;
    let [connectd, plugin] = both("v26.06", &other);
    assert_eq!((connectd.0, plugin.0), ("dies", "refuses"));
}

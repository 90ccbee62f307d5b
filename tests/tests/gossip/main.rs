//! What the engine says of gossip_stores: damaged, repaired, signed, in use. One program for all of them, because each is linked with the whole engine.

mod classes;
mod compare;
mod damage_table;
mod flips;
mod goldens;
mod headlines;
mod progress;
mod redaction;
mod repair_bits;
mod repair_choice;
mod repair_laws;
mod repair_merge;
mod repair_pairs;
mod repair_table;
mod repair_versions;
mod rows;
mod shared;
mod signatures;
mod signed_stores;
mod sums;
mod verdicts;
mod watch_events;
mod watch_life;
mod wound_values;

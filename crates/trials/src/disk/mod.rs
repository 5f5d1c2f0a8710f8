//! Trials of the store and the engine on a simulated disk.
//!
//! They do random deeds (`deed.rs`) and keep a ledger of what was acknowledged. A deed that breaks off
//! has a few possible outcomes; what is there afterwards has to be exactly one of them.

mod deed;
pub mod faults;
mod house;
mod ledger;
mod perform;
mod points;
pub mod power;
mod threads;

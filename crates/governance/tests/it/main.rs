//! The catalogue is whole, the controls are honest, and the states follow from evidence alone.

mod catalogue;
mod controls;
mod states;

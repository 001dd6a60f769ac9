//! Where things stay, behind one transaction.

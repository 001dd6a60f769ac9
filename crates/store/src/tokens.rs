use domain::Entropy;

/// A random name of 32 hexadecimal digits: for transactions, keys and temporary files.
pub(crate) fn token(entropy: &mut dyn Entropy) -> String {
    format!("{:016x}{:016x}", entropy.next_u64(), entropy.next_u64())
}

//! Scores of encrypted records: the instance holds the model, the caller holds the key.

use domain::ModelId;
use learn::{FeatureSpec, Linear, Model};
use privacy::homomorphic::{Batch, Encoding, FixedWeights, HomomorphicError, PublicKey, Scorer};

use super::{allowance, allowance::Take, permit, refuse_retired};
use crate::{Desk, StageError, register};

/// SHA-256 of a feature list: what ties encrypted records to a model.
pub fn encoding_of(spec: &FeatureSpec) -> Result<Encoding, StageError> {
    let text = serde_json::to_vec(spec)
        .map_err(|_| StageError::Stored("a feature list without a form"))?;
    Ok(seal::digest(&text).0)
}

/// The weights of a linear or logistic model in fixed point.
pub fn weights_of(model: &Model) -> Result<FixedWeights, StageError> {
    let linear = Linear::of(model).ok_or(StageError::NotLinear)?;
    Ok(FixedWeights::new(linear.bias, &linear.weights)?)
}

/// Scores encrypted records with the newest version of a model.
///
/// Refused are records of another key or feature list, models that are no weighted sum, models with
/// an output budget, retired models, and more answers than the caller may have. The answers are
/// charged, with their line in the log, before the first is computed; nothing of the records is
/// known here but their number.
///
/// Source: 45 CFR 164.312(e)(2)(ii), 164.312(b); HomomorphicEncryption.org standard (2018).
pub fn score_encrypted(
    desk: &Desk<'_>,
    model: &ModelId,
    key: &PublicKey,
    records: &Batch,
) -> Result<Batch, StageError> {
    let version = register::newest(desk, model)?;
    let cause = version.cause();
    let permit = permit(desk, model, Some(&cause))?;
    refuse_retired(&version)?;
    let opened = register::open(desk, &version)?;
    let scorer = scorer(&opened, key, records)?;
    let take = Take::Encrypted {
        answers: records.records() as u64,
        inputs: records.inputs,
    };
    allowance::charge(desk, &permit, &cause, &version, take)?;
    Ok(scorer.score_batch(records, key, &mut desk.entropy())?)
}

/// Scores encrypted records with a model at hand, without an instance: no permit, no log, no limit.
pub fn score_with(
    model: &Model,
    key: &PublicKey,
    records: &Batch,
    entropy: &mut dyn domain::Entropy,
) -> Result<Batch, StageError> {
    Ok(scorer(model, key, records)?.score_batch(records, key, entropy)?)
}

fn scorer(model: &Model, key: &PublicKey, records: &Batch) -> Result<Scorer, StageError> {
    let scorer = Scorer::new(&weights_of(model)?)?;
    scorer.check(records, key)?;
    if records.encoding != encoding_of(&model.spec)? {
        return Err(HomomorphicError::OtherEncoding.into());
    }
    Ok(scorer)
}

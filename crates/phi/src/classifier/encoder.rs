use ndarray::{Array1, Array2, ArrayView2, Axis, Slice, linalg::general_mat_mul};

use super::{
    config::{Config, Family},
    error::ClassifierError,
    numbers::{Activation, softmax},
    tensors::Tensors,
};

/// The layers of a model: tokens in, a score for every label and token out.
///
/// Attention is all you need (Vaswani et al. 2017), section 3, with the norm after each sum as in
/// BERT.
#[derive(Debug)]
pub(super) struct Encoder {
    words: Table,
    /// Positions, with the first token type added, since every token is of the first type.
    positions: Table,
    first_position: usize,
    norm: Norm,
    layers: Vec<Layer>,
    head: Linear,
    window: usize,
}

/// Rows of equal width.
#[derive(Debug)]
struct Table {
    width: usize,
    values: Vec<f32>,
}

#[derive(Debug)]
struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    attention_norm: Norm,
    inner: Linear,
    outer: Linear,
    output_norm: Norm,
    heads: usize,
    activation: Activation,
}

/// A matrix (outputs by inputs) and what is added.
#[derive(Debug)]
struct Linear {
    weight: Array2<f32>,
    bias: Array1<f32>,
}

/// Layer normalisation (Ba, Kiros, Hinton 2016).
#[derive(Debug)]
struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
    epsilon: f32,
}

impl Encoder {
    /// Takes the tensors that a model of this configuration must have.
    pub(super) fn read(config: &Config, tensors: &Tensors<'_>) -> Result<Self, ClassifierError> {
        let source = Source {
            tensors,
            prefix: config.family.to_string(),
            epsilon: config.epsilon,
        };
        let hidden = config.hidden;
        let words = source.table("embeddings.word_embeddings", config.vocabulary, hidden)?;
        let layers = (0..config.layers).map(|number| layer(&source, config, number));
        Ok(Self {
            words,
            positions: positions(&source, config)?,
            first_position: config.first_position,
            norm: source.norm("embeddings.LayerNorm", hidden)?,
            layers: layers.collect::<Result<_, _>>()?,
            head: Linear {
                weight: source.matrix("classifier.weight", config.labels.len(), hidden)?,
                bias: tensors
                    .take("classifier.bias", &[config.labels.len()])?
                    .into(),
            },
            window: config.window(),
        })
    }

    /// The most tokens it reads at once.
    pub(super) const fn window(&self) -> usize {
        self.window
    }

    /// The share of each label for each of at most [`window`](Self::window) tokens; one row a
    /// token. Tokens beyond the vocabulary count as nothing.
    pub(super) fn shares(&self, tokens: &[u32]) -> Array2<f32> {
        let mut state = self.embed(tokens);
        for layer in &self.layers {
            state = layer.apply(&state);
        }
        let mut scores = self.head.apply(&state.view());
        each_row(&mut scores, softmax);
        scores
    }

    fn embed(&self, tokens: &[u32]) -> Array2<f32> {
        let mut state = Array2::zeros((tokens.len(), self.words.width));
        let places = self.first_position..;
        for ((mut row, token), place) in state.outer_iter_mut().zip(tokens).zip(places) {
            let both = self
                .words
                .row(*token as usize)
                .iter()
                .zip(self.positions.row(place));
            for (x, (word, position)) in row.iter_mut().zip(both) {
                *x = word + position;
            }
        }
        self.norm.apply(&mut state);
        state
    }
}

impl Table {
    /// A row; empty beyond the last.
    fn row(&self, number: usize) -> &[f32] {
        let start = number.saturating_mul(self.width);
        self.values
            .get(start..start.saturating_add(self.width))
            .unwrap_or_default()
    }
}

impl Layer {
    fn apply(&self, state: &Array2<f32>) -> Array2<f32> {
        let view = state.view();
        let context = self.attend(&view);
        let mut middle = self.output.apply(&context.view());
        middle += state;
        self.attention_norm.apply(&mut middle);
        let mut inner = self.inner.apply(&middle.view());
        each_row(&mut inner, |row| self.activation.apply(row));
        let mut out = self.outer.apply(&inner.view());
        out += &middle;
        self.output_norm.apply(&mut out);
        out
    }

    /// Multi-head attention before its output matrix.
    fn attend(&self, state: &ArrayView2<'_, f32>) -> Array2<f32> {
        let query = self.query.apply(state);
        let key = self.key.apply(state);
        let value = self.value.apply(state);
        let width = query.ncols() / self.heads;
        let scale = 1.0 / (width as f32).sqrt();
        let mut context = Array2::zeros(query.dim());
        for head in 0..self.heads {
            let columns = Slice::from(head * width..(head + 1) * width);
            let part = |whole: &Array2<f32>| whole.slice_axis(Axis(1), columns).to_owned();
            let mut scores = part(&query).dot(&part(&key).t());
            scores *= scale;
            each_row(&mut scores, softmax);
            let mut out = context.slice_axis_mut(Axis(1), columns);
            general_mat_mul(1.0, &scores, &part(&value), 0.0, &mut out);
        }
        context
    }
}

impl Linear {
    fn apply(&self, rows: &ArrayView2<'_, f32>) -> Array2<f32> {
        let mut out = rows.dot(&self.weight.t());
        out += &self.bias;
        out
    }
}

impl Norm {
    fn apply(&self, rows: &mut Array2<f32>) {
        each_row(rows, |row| {
            let count = row.len() as f32;
            let mean = row.iter().sum::<f32>() / count;
            let spread = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / count;
            let by = 1.0 / (spread + self.epsilon).sqrt();
            for (x, (scale, shift)) in row.iter_mut().zip(self.scale.iter().zip(&self.shift)) {
                *x = (*x - mean) * by * scale + shift;
            }
        });
    }
}

/// Does something with each row of a matrix; products of one column may stand column by column.
fn each_row(rows: &mut Array2<f32>, deed: impl Fn(&mut [f32])) {
    for mut row in rows.outer_iter_mut() {
        if let Some(row) = row.as_slice_mut() {
            deed(row);
            continue;
        }
        let mut copy = row.to_vec();
        deed(&mut copy);
        row.iter_mut().zip(copy).for_each(|(x, new)| *x = new);
    }
}

/// Tensors by the names that the families give them.
struct Source<'a> {
    tensors: &'a Tensors<'a>,
    prefix: String,
    epsilon: f32,
}

impl Source<'_> {
    fn matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Array2<f32>, ClassifierError> {
        let values = self.tensors.take(name, &[rows, columns])?;
        Array2::from_shape_vec((rows, columns), values)
            .map_err(|_| ClassifierError::Weights(format!("the tensor `{name}` has no such shape")))
    }

    fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, ClassifierError> {
        let name = format!("{}.{name}.weight", self.prefix);
        let values = self.tensors.take(&name, &[rows, width])?;
        Ok(Table { width, values })
    }

    fn linear(&self, name: &str, to: usize, from: usize) -> Result<Linear, ClassifierError> {
        let name = format!("{}.{name}", self.prefix);
        Ok(Linear {
            weight: self.matrix(&format!("{name}.weight"), to, from)?,
            bias: self.tensors.take(&format!("{name}.bias"), &[to])?.into(),
        })
    }

    /// Old files call scale and shift gamma and beta.
    fn norm(&self, name: &str, width: usize) -> Result<Norm, ClassifierError> {
        let name = format!("{}.{name}", self.prefix);
        let is_old = self.tensors.has(&format!("{name}.gamma"));
        let (scale, shift) = if is_old {
            ("gamma", "beta")
        } else {
            ("weight", "bias")
        };
        Ok(Norm {
            scale: self.tensors.take(&format!("{name}.{scale}"), &[width])?,
            shift: self.tensors.take(&format!("{name}.{shift}"), &[width])?,
            epsilon: self.epsilon,
        })
    }
}

fn positions(source: &Source<'_>, config: &Config) -> Result<Table, ClassifierError> {
    let width = config.hidden;
    let mut table = source.table("embeddings.position_embeddings", config.positions, width)?;
    if config.types > 0 {
        let types = source.table("embeddings.token_type_embeddings", config.types, width)?;
        for row in table.values.chunks_mut(width) {
            row.iter_mut()
                .zip(types.row(0))
                .for_each(|(x, own)| *x += own);
        }
    }
    Ok(table)
}

fn layer(source: &Source<'_>, config: &Config, number: usize) -> Result<Layer, ClassifierError> {
    let names = names(config.family);
    let name = |part: &str| format!("{}.{number}.{part}", names.layers);
    let (hidden, inner) = (config.hidden, config.inner);
    let square = |part: &str| source.linear(&name(part), hidden, hidden);
    Ok(Layer {
        query: square(names.query)?,
        key: square(names.key)?,
        value: square(names.value)?,
        output: square(names.output)?,
        attention_norm: source.norm(&name(names.attention_norm), hidden)?,
        inner: source.linear(&name(names.inner), inner, hidden)?,
        outer: source.linear(&name(names.outer), hidden, inner)?,
        output_norm: source.norm(&name(names.output_norm), hidden)?,
        heads: config.heads,
        activation: config.activation,
    })
}

/// What the parts of a layer are called.
struct Names {
    layers: &'static str,
    query: &'static str,
    key: &'static str,
    value: &'static str,
    output: &'static str,
    attention_norm: &'static str,
    inner: &'static str,
    outer: &'static str,
    output_norm: &'static str,
}

const fn names(family: Family) -> Names {
    match family {
        Family::Bert | Family::Roberta => Names {
            layers: "encoder.layer",
            query: "attention.self.query",
            key: "attention.self.key",
            value: "attention.self.value",
            output: "attention.output.dense",
            attention_norm: "attention.output.LayerNorm",
            inner: "intermediate.dense",
            outer: "output.dense",
            output_norm: "output.LayerNorm",
        },
        Family::DistilBert => Names {
            layers: "transformer.layer",
            query: "attention.q_lin",
            key: "attention.k_lin",
            value: "attention.v_lin",
            output: "attention.out_lin",
            attention_norm: "sa_layer_norm",
            inner: "ffn.lin1",
            outer: "ffn.lin2",
            output_norm: "output_layer_norm",
        },
    }
}

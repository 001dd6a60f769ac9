//! Where an instance keeps rows and objects: words of `cloister init`.

use clap::Args;

/// Rows and objects elsewhere than in the instance's folder.
#[derive(Debug, Args)]
#[command(next_help_heading = "Where rows and objects stay")]
pub(crate) struct Elsewhere {
    /// A PostgreSQL server for the rows, instead of SQLite in the folder; the password comes from
    /// PGPASSWORD or ~/.pgpass
    #[arg(long, value_name = "postgres://USER@HOST/DATABASE")]
    pub(crate) rows: Option<String>,
    /// The schema on that server; one instance, one schema
    #[arg(
        long,
        value_name = "NAME",
        default_value = "cloister",
        requires = "rows"
    )]
    pub(crate) schema: String,
    /// A bucket for the objects, instead of the folder; its keys come from AWS_ACCESS_KEY_ID and
    /// AWS_SECRET_ACCESS_KEY, or from --objects-keys
    #[arg(long, value_name = "s3://BUCKET/PREFIX")]
    pub(crate) objects: Option<String>,
    /// The address of the object store, when it is not AWS
    #[arg(long, value_name = "URL", requires = "objects")]
    pub(crate) endpoint: Option<String>,
    /// The region of the bucket
    #[arg(
        long,
        value_name = "REGION",
        default_value = "us-east-1",
        requires = "objects"
    )]
    pub(crate) region: String,
    /// A file with the keys of the bucket, in the form of ~/.aws/credentials
    #[arg(long, value_name = "FILE", requires = "objects")]
    pub(crate) objects_keys: Option<String>,
}

/** VERIFY.md of a bundle: for a person who has never heard of Cordon. */
export function instructions(about: {
  readonly id: string;
  readonly origin: string;
  readonly records: number;
  readonly opened: boolean;
}): string {
  return `# How to check this bundle

It holds ${about.records} audit records of the installation \`${about.origin}\`, exported under the number ${about.id}.
You need OpenSSL 3, \`sha256sum\` and Node.js 18 or newer. Nothing here needs the network, and nothing needs Cordon.

1. **It came to you unchanged.** You opened it with

       openssl cms -decrypt -binary -inform DER -in export.p7m -inkey your-key.pem -recip your-certificate.pem -out export.tar

   Trust export.tar only if that command ended with exit code 0: the encryption is authenticated.

2. **Who made it, and when.** Get the certificate of the authority that vouches for the maker from somebody you trust, not
   from here, and run

       openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json -CAfile ../ca.pem -out /dev/null

   (keep it outside this folder, where every file must be one of the bundle's). If the certificate has expired since, add \`-attime\` with a time (seconds since 1970) at which it was valid.
   manifest.json names every other file with its SHA-256, the query, who asked, who approved, and who could decrypt.

3. **No file was changed, added or removed.**

       sha256sum -c SHA256SUMS

4. **The records are those that were written, in their places.** Get the checkpoint key of the installation (it looks like
   \`${about.origin}+0123abcd+…\`) from somebody who kept it, not from here, and run

       node verify.mjs --key 'THE KEY'

   It ends with exit code 0 when everything holds, and names the file or record otherwise. verify.mjs came with the bundle,
   so whoever could forge the bundle could forge it: compare it with the one of another bundle of the same version, read it
   (it is short), or follow the description below with a program of your own.

## What is proven, and what is not

- The header of each record (\`raw_data\` in records.jsonl) was in the audit record when its checkpoint was signed. Compare the
  files in checkpoints/ with copies that were kept outside the installation: an equal copy proves the time before which the
  record was written. In manifest.json, \`signedAtExport\` marks checkpoints that were made for this export; of those there are
  no copies elsewhere.
- A ciphertext is proven by its SHA-256 only.${
    about.opened
      ? ' What was decrypted of it (`unmapped.opened`) is vouched for by the signature over the\n  manifest, not by the tree: showing that it is what the ciphertext holds would take a key that opens other records too.'
      : ''
  }
- That no record is missing *between* the exported ones is not shown: those of others are only seen as hashes. Which records
  belong here is the query in manifest.json, and custody.json says who approved it. Records of the months under \`dropped\`
  there were dropped by retention before this was made, each by the record named beside it.
- \`key_unavailable\` in place of a text says that the key it was sealed under had been destroyed when this was made: the
  person was erased, or the time of the record was up.
- Records of other people are in proofs/ as hashes of hashes. They tell nothing about them.

## How a record is hashed

For each line of leaves.jsonl and the same line of records.jsonl:

    leaf = SHA-256(0x00 || UTF-8(raw_data) || digests of context, body, findings, response, as far as there are)
    node = SHA-256(0x01 || left || right)                                                  (RFC 6962, section 2.1)

The leaf of number \`seq\` is at place \`seq - 1\` of the tree of its chain. proofs/CHAIN.tree has the hashes of the subtrees
between the exported leaves, from left to right, each with its level (0 is a leaf): put leaves and subtrees in order and the
root must be the one in checkpoints/CHAIN.note, a signed note (https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note).
`;
}

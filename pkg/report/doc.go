// Package report writes, fills and reads the due-diligence document that the foundation votes on.
//
//   - [Skeleton] writes one in the outline of a template, with what the application says and what facts say; judgements are
//     left to people as lines that begin with TODO.
//   - [Fill] brings a report up to date. What people wrote is kept byte for byte: only blocks between ddbot's own marks and
//     its TODO lines change, and only where nobody touched them.
//   - [Lint] finds what should not be in one.
//   - [Parse] reads one into a [State], and State.Text writes it again.
//
// All of these are functions of texts. They read no files, no network and no clock.
package report

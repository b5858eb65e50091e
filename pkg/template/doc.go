// Package template knows the forms in which a foundation asks its questions: which versions they have had, which of them a
// text was made from, how two differ, and how answers move from one to another.
//
// An [Outline] is a text cut at its headings and boxes, without losing a byte. Everything here works on outlines, so a
// template that nobody has seen works like a known one: criteria are compared by their texts (package criteria), never by
// their place. The versions of the CNCF's templates are data (versions.txt, made by hack/templates.sh), not code.
//
// The package does no I/O.
package template

// Package store keeps what ddbot must not lose: the inbox of webhook deliveries, the plan that is being carried out for
// each issue, and small records (caches and history), in the words of package queue. It is one database, SQLite embedded or
// PostgreSQL shared.
//
// The rule that keeps it safe: safety is in the rows and transactions of this package (a delivery is stored once by its
// GUID, an issue's deliveries are handled in order, one fenced worker may acknowledge); liveness (wake-up, retry timing,
// rescue, leader, schedules) is River's. Nothing outside this package and pkg/worker knows River.
package store

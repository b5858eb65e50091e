// Package store keeps what ddbot must not lose: the inbox of webhook deliveries, the plan that is being carried out for
// each issue, and small records (caches and history), in the words of package queue. It is one database, SQLite embedded or
// PostgreSQL shared.
//
// What keeps it safe are its rows and transactions: a delivery is stored once by its GUID, an issue's deliveries are handled in
// order, one fenced worker may acknowledge. What keeps it going are two columns of the row: when its deliveries may be
// worked on (due_at), and who works on them (owner). Who owns and is dead, as its missing signs of life tell, is relieved.
package store

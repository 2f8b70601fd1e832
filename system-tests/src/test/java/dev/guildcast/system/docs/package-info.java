/// Compares the generated pages under `docs/` with their sources.
package dev.guildcast.system.docs;

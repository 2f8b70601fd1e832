/// Holds the generated pages under `docs/` against what they are generated from.
package dev.guildcast.system.docs;

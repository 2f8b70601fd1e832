/// Every event type against every permission state and intent: what a guild shard delivers, compared with the witness's
/// model.
@NullMarked
package dev.guildcast.system.visibility;

import org.jspecify.annotations.NullMarked;

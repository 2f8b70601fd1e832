/// Who may see what: the protocol's rules of membership, permissions, intents and content, implemented from its
/// description alone. Values only, no threads.
@NullMarked
package dev.guildcast.witness.model;

import org.jspecify.annotations.NullMarked;

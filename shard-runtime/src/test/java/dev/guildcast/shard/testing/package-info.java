/// Helpers that the tests of this module and of the services share, published in the module's test jar.
@NullMarked
package dev.guildcast.shard.testing;

import org.jspecify.annotations.NullMarked;

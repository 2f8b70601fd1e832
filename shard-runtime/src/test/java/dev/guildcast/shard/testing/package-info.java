/// What the tests of this module and of the services share: the module's test jar holds this package alone.
@NullMarked
package dev.guildcast.shard.testing;

import org.jspecify.annotations.NullMarked;

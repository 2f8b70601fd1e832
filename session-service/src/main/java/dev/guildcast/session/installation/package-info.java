/// What every service of an installation is told alike: Kafka, the numbers of shards, the coordinator, this node.
@NullMarked
package dev.guildcast.session.installation;

import org.jspecify.annotations.NullMarked;

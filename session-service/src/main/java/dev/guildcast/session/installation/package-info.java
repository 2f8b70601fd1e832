/// Settings that all services of an installation share: Kafka, the numbers of shards, the coordinator, this node.
@NullMarked
package dev.guildcast.session.installation;

import org.jspecify.annotations.NullMarked;

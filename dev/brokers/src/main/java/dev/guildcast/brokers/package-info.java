/// Kafka and Redis for tests and laptops: containers where a Docker engine responds, else the real servers embedded.
@NullMarked
package dev.guildcast.brokers;

import org.jspecify.annotations.NullMarked;

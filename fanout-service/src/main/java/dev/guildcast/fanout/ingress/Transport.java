package dev.guildcast.fanout.ingress;

import java.util.Locale;

/// The transport by which an event arrived.
enum Transport {
    GRPC,
    HTTP,
    TOPIC;

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}

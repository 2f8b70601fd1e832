package dev.guildcast.gateway.link;

/// What all sessions of a gateway share.
record LinkContext(SessionHosts hosts, LinkProperties properties, LinkMetrics metrics) {}

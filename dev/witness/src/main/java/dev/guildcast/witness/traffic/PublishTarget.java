package dev.guildcast.witness.traffic;

import java.net.URI;

/// Where a run publishes, and as which publisher.
///
/// @param ingress of `POST` requests
/// @param token bearer token; never printed
/// @param publisher the token's publisher name: the publishers of a run are named `publisher/…`
/// @param kafka bootstrap servers; empty if the JSON topic is not used
/// @param topic the JSON topic, with its prefix
/// @param run distinguishes the sequences of this run from those of others
public record PublishTarget(URI ingress, String token, String publisher, String kafka, String topic, String run) {
    String nameOf(String planned) {
        return publisher + "/" + run + "/" + planned;
    }

    @Override
    public String toString() {
        return ingress.toString();
    }
}

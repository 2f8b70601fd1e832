package dev.guildcast.witness.traffic;

import java.net.URI;

/// Where and as whom a run publishes.
///
/// @param ingress of `POST` requests
/// @param token bearer token; never printed
/// @param publisher the name that goes with the token: a run names itself `publisher/…`
/// @param kafka bootstrap servers; empty if the JSON topic is not to be used
/// @param topic the JSON topic, with its prefix
/// @param run distinguishes this run's sequences from those of others
public record PublishTarget(URI ingress, String token, String publisher, String kafka, String topic, String run) {
    String nameOf(String planned) {
        return publisher + "/" + run + "/" + planned;
    }

    @Override
    public String toString() {
        return ingress.toString();
    }
}

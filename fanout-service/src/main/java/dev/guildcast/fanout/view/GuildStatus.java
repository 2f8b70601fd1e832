package dev.guildcast.fanout.view;

import dev.guildcast.event.v1.GuildMarks;
import dev.guildcast.fanout.view.EntityKey.Kind;

/// A guild's version, its outage, and the progress of a snapshot.
///
/// A snapshot's first part begins a generation; every entity stores the generation that last named it, so a snapshot's
/// end knows which entities neither the snapshot nor a record since its first part named.
public final class GuildStatus {
    private final EntityKey key;
    private final DirtyEntities dirty;
    private long version;
    private boolean unavailable;
    private String documentVersion = "";
    private int generation;

    GuildStatus(long guild, DirtyEntities dirty) {
        this.key = EntityKey.of(Kind.MARKS, guild, 0);
        this.dirty = dirty;
    }

    public long version() {
        return version;
    }

    public boolean unavailable() {
        return unavailable;
    }

    public int generation() {
        return generation;
    }

    public String documentVersion() {
        return documentVersion;
    }

    public void nextVersion() {
        version++;
        dirty.mark(key);
    }

    public void setUnavailable(boolean value) {
        unavailable = value;
        dirty.mark(key);
    }

    /// A part of a snapshot arrived: another version begins a new generation.
    public void openDocument(String document) {
        if (!document.equals(documentVersion)) {
            documentVersion = document;
            generation++;
            dirty.mark(key);
        }
    }

    public void closeDocument() {
        documentVersion = "";
        dirty.mark(key);
    }

    GuildMarks toState() {
        return GuildMarks.newBuilder()
                .setVersion(version)
                .setUnavailable(unavailable)
                .setDocumentVersion(documentVersion)
                .setDocumentGeneration(generation)
                .build();
    }

    void restore(GuildMarks state) {
        version = state.getVersion();
        unavailable = state.getUnavailable();
        documentVersion = state.getDocumentVersion();
        generation = state.getDocumentGeneration();
    }
}

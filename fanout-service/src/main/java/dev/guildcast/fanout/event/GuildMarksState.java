package dev.guildcast.fanout.event;

import dev.guildcast.event.v1.GuildMarks;
import dev.guildcast.fanout.event.EntityKey.Kind;

/// A guild's version, its outage, and how far a document has come.
///
/// A document's first part begins a generation; every entity remembers the generation that last named it, so a
/// document's end knows what neither the document nor a record since its first part named.
public final class GuildMarksState {
    private final EntityKey key;
    private final Touched touched;
    private long version;
    private boolean unavailable;
    private String documentVersion = "";
    private int generation;

    GuildMarksState(long guild, Touched touched) {
        this.key = EntityKey.of(Kind.MARKS, guild, 0);
        this.touched = touched;
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
        touched.touch(key);
    }

    public void setUnavailable(boolean value) {
        unavailable = value;
        touched.touch(key);
    }

    /// A part of this document came: another version begins a new generation.
    public void openDocument(String document) {
        if (!document.equals(documentVersion)) {
            documentVersion = document;
            generation++;
            touched.touch(key);
        }
    }

    public void closeDocument() {
        documentVersion = "";
        touched.touch(key);
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

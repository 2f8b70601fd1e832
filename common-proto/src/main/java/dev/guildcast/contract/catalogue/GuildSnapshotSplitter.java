package dev.guildcast.contract.catalogue;

import dev.guildcast.event.v1.DocumentEnd;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Publication;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A whole guild, as in GUILD_CREATE, split into parts: the guild, roles, channels, threads and lists first, then
/// members, then voice states.
///
/// A part contains at most [#PART_MEMBERS_MAX] members and [EventCatalogue#EVENT_BYTES_MAX] bytes. Parts are created
/// one at a time, from slices of the document's text.
final class GuildSnapshotSplitter implements Iterable<GuildRecord> {
    /// Members of a part: bounds how long a shard's loop applies one record.
    static final int PART_MEMBERS_MAX = 1000;

    private static final Set<String> OUTAGE_KEYS = Set.of("id", "unavailable", "geo_restricted");
    private static final List<String> LISTS =
            List.of("emojis", "stickers", "stage_instances", "guild_scheduled_events", "soundboard_sounds");
    /// Upper estimate of a record's bytes besides its mutations: ids, version and publication.
    private static final int RECORD_OVERHEAD_BYTES = 1024;

    /// Upper estimate of tag and length of a mutation within its record.
    private static final int MUTATION_OVERHEAD_BYTES = 8;

    /// A part contains mutations of one stage only.
    private enum PartStage {
        STRUCTURE,
        MEMBERS,
        VOICE
    }

    /// One mutation that is created when its part is.
    private record PendingMutation(PartStage stage, Json value, Function<Json, Mutation> mutation) {
        Mutation create() {
            // A member's parsed fields take many times the memory of its text, so they must not outlive its part.
            var created = mutation.apply(value.unparsedCopy());
            if (created.getSerializedSize() > EventCatalogue.EVENT_BYTES_MAX - RECORD_OVERHEAD_BYTES) {
                throw value.invalid("is larger than a record may be (" + EventCatalogue.EVENT_BYTES_MAX + " bytes)");
            }
            return created;
        }
    }

    private final long guildId;
    private final String version;
    private final @Nullable Publication publication;
    private final List<PendingMutation> pendingMutations;
    private final int partCount;

    /// @throws InvalidEventException if anything in the document is invalid: then none of it is published
    GuildSnapshotSplitter(Json guild, String version, @Nullable Publication publication) {
        this.guildId = guild.get("id").id();
        this.version = version;
        this.publication = publication;
        this.pendingMutations = collectMutations(guild);
        int parts = 0;
        for (Iterator<GuildRecord> each = iterator(); each.hasNext(); each.next()) {
            parts++;
        }
        this.partCount = parts;
    }

    /// Whether this is not a whole guild but only starts or ends its outage.
    static boolean isOutageOnly(Json guild) {
        return guild.has("unavailable")
                && OUTAGE_KEYS.containsAll(guild.fields().keySet());
    }

    long guildId() {
        return guildId;
    }

    GuildRecord end() {
        var end = DocumentEnd.newBuilder().setGuildId(guildId).setVersion(version);
        if (publication != null) {
            end.setPublication(publication.toBuilder().setPart(partCount));
        }
        return GuildRecord.newBuilder().setDocumentEnd(end).build();
    }

    @Override
    public Iterator<GuildRecord> iterator() {
        return new PartIterator();
    }

    private static List<PendingMutation> collectMutations(Json guild) {
        long everyone = guild.get("id").id();
        var pendingMutations = new ArrayList<PendingMutation>();
        pendingMutations.add(
                new PendingMutation(PartStage.STRUCTURE, guild, value -> MutationFactory.guild(value, false)));
        var roles = guild.get("roles").elements();
        if (roles.stream().noneMatch(role -> role.get("id").id() == everyone)) {
            throw guild.get("roles").invalid("must hold the role of everyone, whose id is the guild's");
        }
        roles.forEach(role -> pendingMutations.add(
                new PendingMutation(PartStage.STRUCTURE, role, value -> MutationFactory.roleUpsert(value, false))));
        add(
                pendingMutations,
                guild,
                "channels",
                PartStage.STRUCTURE,
                value -> MutationFactory.channel(value, false, false));
        add(
                pendingMutations,
                guild,
                "threads",
                PartStage.STRUCTURE,
                value -> MutationFactory.channel(value, false, true));
        for (var name : LISTS) {
            var list = guild.find(name);
            if (list != null) {
                pendingMutations.add(new PendingMutation(
                        PartStage.STRUCTURE, list, value -> MutationFactory.listReplacement(value, name)));
            }
        }
        add(pendingMutations, guild, "members", PartStage.MEMBERS, value -> MutationFactory.member(value, false));
        add(pendingMutations, guild, "voice_states", PartStage.VOICE, MutationFactory::voiceState);
        // A whole guild ends an outage, unless it is marked unavailable.
        boolean unavailable = guild.flagOrFalse("unavailable");
        pendingMutations.add(new PendingMutation(PartStage.VOICE, guild, value -> MutationFactory.outage(unavailable)));
        return pendingMutations;
    }

    private static void add(
            List<PendingMutation> pendingMutations,
            Json guild,
            String name,
            PartStage stage,
            Function<Json, Mutation> mutation) {
        var list = guild.find(name);
        if (list != null) {
            list.elements().forEach(value -> pendingMutations.add(new PendingMutation(stage, value, mutation)));
        }
    }

    private final class PartIterator implements Iterator<GuildRecord> {
        private int next;
        private int part;
        /// The mutation that did not fit into the previous part.
        private @Nullable Mutation carriedOver;

        @Override
        public boolean hasNext() {
            return next < pendingMutations.size();
        }

        @Override
        public GuildRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            var document = DocumentPart.newBuilder().setGuildId(guildId).setVersion(version);
            if (publication != null) {
                document.setPublication(publication.toBuilder().setPart(part));
            }
            part++;
            var stage = pendingMutations.get(next).stage();
            int bytes = RECORD_OVERHEAD_BYTES;
            while (next < pendingMutations.size()
                    && pendingMutations.get(next).stage() == stage
                    && (stage != PartStage.MEMBERS || document.getMutationsCount() < PART_MEMBERS_MAX)) {
                var mutation = carriedOver == null ? pendingMutations.get(next).create() : carriedOver;
                bytes += mutation.getSerializedSize() + MUTATION_OVERHEAD_BYTES;
                if (bytes > EventCatalogue.EVENT_BYTES_MAX && document.getMutationsCount() > 0) {
                    carriedOver = mutation;
                    break;
                }
                carriedOver = null;
                document.addMutations(mutation);
                next++;
            }
            return GuildRecord.newBuilder().setDocumentPart(document).build();
        }
    }
}

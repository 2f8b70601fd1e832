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

/// A whole guild, as in GUILD_CREATE, cut into parts: the guild, roles, channels, threads and lists first, then
/// members, then voice states.
///
/// A part holds at most [#PART_MEMBERS_MAX] members and [EventCatalogue#EVENT_BYTES_MAX] bytes. Parts are made one at a
/// time, from slices of the document's text.
final class GuildDocument implements Iterable<GuildRecord> {
    static final int PART_MEMBERS_MAX = 1000;

    private static final Set<String> OUTAGE_KEYS = Set.of("id", "unavailable", "geo_restricted");
    private static final List<String> LISTS =
            List.of("emojis", "stickers", "stage_instances", "guild_scheduled_events", "soundboard_sounds");
    /// What a record holds besides its mutations, and the frame of each: generous.
    private static final int RECORD_OVERHEAD_BYTES = 1024;

    private static final int MUTATION_OVERHEAD_BYTES = 8;

    /// Parts do not mix what belongs to different stages.
    private enum Stage {
        STRUCTURE,
        MEMBERS,
        VOICE
    }

    /// One mutation that is yet to be made.
    private record Step(Stage stage, Json value, Function<Json, Mutation> mutation) {
        Mutation make() {
            // A member's fields take many times its text: they must not outlive its part.
            var made = mutation.apply(value.untouched());
            if (made.getSerializedSize() > EventCatalogue.EVENT_BYTES_MAX - RECORD_OVERHEAD_BYTES) {
                throw value.refuse("is larger than a record may be (" + EventCatalogue.EVENT_BYTES_MAX + " bytes)");
            }
            return made;
        }
    }

    private final long guildId;
    private final String version;
    private final @Nullable Publication publication;
    private final List<Step> steps;
    private final int partCount;

    /// @throws Refusal if anything in the document is wrong: then none of it is published
    GuildDocument(Json guild, String version, @Nullable Publication publication) {
        this.guildId = guild.get("id").id();
        this.version = version;
        this.publication = publication;
        this.steps = steps(guild);
        int parts = 0;
        for (Iterator<GuildRecord> each = iterator(); each.hasNext(); each.next()) {
            parts++;
        }
        this.partCount = parts;
    }

    /// Whether this is no document but says only that a guild's outage starts or ends.
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
        return new Parts();
    }

    private static List<Step> steps(Json guild) {
        long everyone = guild.get("id").id();
        var steps = new ArrayList<Step>();
        steps.add(new Step(Stage.STRUCTURE, guild, value -> Mutations.guild(value, false)));
        var roles = guild.get("roles").elements();
        if (roles.stream().noneMatch(role -> role.get("id").id() == everyone)) {
            throw guild.get("roles").refuse("must hold the role of everyone, whose id is the guild's");
        }
        roles.forEach(role -> steps.add(new Step(Stage.STRUCTURE, role, value -> Mutations.roleItself(value, false))));
        add(steps, guild, "channels", Stage.STRUCTURE, value -> Mutations.channel(value, false, false));
        add(steps, guild, "threads", Stage.STRUCTURE, value -> Mutations.channel(value, false, true));
        for (var name : LISTS) {
            var list = guild.find(name);
            if (list != null) {
                steps.add(new Step(Stage.STRUCTURE, list, value -> Mutations.listItself(value, name)));
            }
        }
        add(steps, guild, "members", Stage.MEMBERS, value -> Mutations.member(value, false));
        add(steps, guild, "voice_states", Stage.VOICE, Mutations::voiceState);
        // A whole guild is there again, unless it says that it is not.
        boolean unavailable = guild.flagged("unavailable");
        steps.add(new Step(Stage.VOICE, guild, value -> Mutations.outage(unavailable)));
        return steps;
    }

    private static void add(List<Step> steps, Json guild, String name, Stage stage, Function<Json, Mutation> mutation) {
        var list = guild.find(name);
        if (list != null) {
            list.elements().forEach(value -> steps.add(new Step(stage, value, mutation)));
        }
    }

    private final class Parts implements Iterator<GuildRecord> {
        private int next;
        private int part;
        /// Made, but did not fit into the part before.
        private @Nullable Mutation held;

        @Override
        public boolean hasNext() {
            return next < steps.size();
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
            var stage = steps.get(next).stage();
            int bytes = RECORD_OVERHEAD_BYTES;
            while (next < steps.size()
                    && steps.get(next).stage() == stage
                    && (stage != Stage.MEMBERS || document.getMutationsCount() < PART_MEMBERS_MAX)) {
                var mutation = held == null ? steps.get(next).make() : held;
                bytes += mutation.getSerializedSize() + MUTATION_OVERHEAD_BYTES;
                if (bytes > EventCatalogue.EVENT_BYTES_MAX && document.getMutationsCount() > 0) {
                    held = mutation;
                    break;
                }
                held = null;
                document.addMutations(mutation);
                next++;
            }
            return GuildRecord.newBuilder().setDocumentPart(document).build();
        }
    }
}

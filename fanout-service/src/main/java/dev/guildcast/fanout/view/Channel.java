package dev.guildcast.fanout.view;

import dev.guildcast.event.v1.ChannelState;
import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.Overwrite;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A channel or a thread.
///
/// Eleven components: what permissions, visibility and voice need of a channel in typed form, beside its JSON.
///
/// @param threadMembers users in a thread, ascending; decide who sees a private one
/// @param generation document generation in which it was last named
public record Channel(
        long id,
        int type,
        long parentId,
        boolean thread,
        List<Overwrite> overwrites,
        Fields fields,
        boolean archived,
        int userLimit,
        long ownerId,
        long[] threadMembers,
        int generation) {
    /// Discord's channel type of a private thread.
    private static final int PRIVATE_THREAD = 12;
    /// Discord's channel type of a voice channel.
    private static final int VOICE = 2;
    /// Discord's channel type of a category.
    private static final int CATEGORY = 4;
    /// Discord's channel type of a stage channel.
    private static final int STAGE = 13;

    static Channel of(ChannelUpsert upsert, @Nullable Channel known, int generation) {
        long[] members = known != null
                ? known.threadMembers
                : upsert.getThread() && upsert.getOwnerId() != 0 ? new long[] {upsert.getOwnerId()} : new long[0];
        if (known == null || !upsert.getPartial()) {
            return new Channel(
                    upsert.getId(),
                    upsert.getType(),
                    upsert.getParentId(),
                    upsert.getThread(),
                    List.copyOf(upsert.getOverwritesList()),
                    Fields.of(upsert.getFieldsList()),
                    upsert.getArchived(),
                    upsert.getUserLimit(),
                    upsert.getOwnerId(),
                    members,
                    generation);
        }
        Set<String> names = new java.util.HashSet<>();
        upsert.getFieldsList().forEach(field -> names.add(field.getName()));
        return new Channel(
                known.id,
                names.contains("type") ? upsert.getType() : known.type,
                names.contains("parent_id") ? upsert.getParentId() : known.parentId,
                known.thread,
                upsert.getHasOverwrites() ? List.copyOf(upsert.getOverwritesList()) : known.overwrites,
                known.fields.with(upsert.getFieldsList(), Set.of()),
                names.contains("thread_metadata") ? upsert.getArchived() : known.archived,
                names.contains("user_limit") ? upsert.getUserLimit() : known.userLimit,
                names.contains("owner_id") ? upsert.getOwnerId() : known.ownerId,
                members,
                generation);
    }

    public boolean privateThread() {
        return thread && type == PRIVATE_THREAD;
    }

    public boolean voice() {
        return type == VOICE || type == STAGE;
    }

    public boolean category() {
        return type == CATEGORY;
    }

    public boolean hasThreadMember(long user) {
        return Arrays.binarySearch(threadMembers, user) >= 0;
    }

    Channel withThreadMembers(List<Long> added, List<Long> removed, int generation) {
        long[] members = LongStream.concat(
                        Arrays.stream(threadMembers).filter(user -> !removed.contains(user)),
                        added.stream().mapToLong(Long::longValue))
                .sorted()
                .distinct()
                .toArray();
        return new Channel(
                id, type, parentId, thread, overwrites, fields, archived, userLimit, ownerId, members, generation);
    }

    /// Whether clients see no difference to another one.
    public boolean hasSameContentAs(Channel other) {
        return type == other.type
                && parentId == other.parentId
                && thread == other.thread
                && overwrites.equals(other.overwrites)
                && archived == other.archived
                && userLimit == other.userLimit
                && fields.equals(other.fields);
    }

    ChannelState toState() {
        return ChannelState.newBuilder()
                .setChannel(ChannelUpsert.newBuilder()
                        .setId(id)
                        .setType(type)
                        .setParentId(parentId)
                        .setThread(thread)
                        .addAllOverwrites(overwrites)
                        .setHasOverwrites(true)
                        .addAllFields(fields.toRecord())
                        .setArchived(archived)
                        .setUserLimit(userLimit)
                        .setOwnerId(ownerId))
                .setNamed(generation)
                .addAllThreadMembers(Arrays.stream(threadMembers).boxed().toList())
                .build();
    }

    static Channel of(ChannelState state) {
        Channel plain = of(state.getChannel(), null, state.getNamed());
        return new Channel(
                plain.id,
                plain.type,
                plain.parentId,
                plain.thread,
                plain.overwrites,
                plain.fields,
                plain.archived,
                plain.userLimit,
                plain.ownerId,
                state.getThreadMembersList().stream().mapToLong(Long::longValue).toArray(),
                plain.generation);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Channel that
                && id == that.id
                && generation == that.generation
                && ownerId == that.ownerId
                && Arrays.equals(threadMembers, that.threadMembers)
                && hasSameContentAs(that);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public String toString() {
        return "channel " + Long.toUnsignedString(id);
    }
}

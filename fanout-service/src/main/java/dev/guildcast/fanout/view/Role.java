package dev.guildcast.fanout.view;

import dev.guildcast.event.v1.RoleState;
import dev.guildcast.event.v1.RoleUpsert;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// @param generation document generation in which it was last named
public record Role(long id, long permissions, int position, Fields fields, int generation) {
    static Role of(RoleUpsert upsert, @Nullable Role known, int generation) {
        if (known == null || !upsert.getPartial()) {
            return new Role(
                    upsert.getId(),
                    upsert.getPermissions(),
                    upsert.getPosition(),
                    Fields.of(upsert.getFieldsList()),
                    generation);
        }
        Fields fields = known.fields.with(upsert.getFieldsList(), Set.of());
        boolean permissions =
                upsert.getFieldsList().stream().anyMatch(f -> f.getName().equals("permissions"));
        boolean position =
                upsert.getFieldsList().stream().anyMatch(f -> f.getName().equals("position"));
        return new Role(
                known.id,
                permissions ? upsert.getPermissions() : known.permissions,
                position ? upsert.getPosition() : known.position,
                fields,
                generation);
    }

    /// Whether clients see no difference to another one.
    public boolean hasSameContentAs(Role other) {
        return permissions == other.permissions && position == other.position && fields.equals(other.fields);
    }

    RoleState toState() {
        return RoleState.newBuilder()
                .setRole(RoleUpsert.newBuilder()
                        .setId(id)
                        .setPermissions(permissions)
                        .setPosition(position)
                        .addAllFields(fields.toRecord()))
                .setNamed(generation)
                .build();
    }
}

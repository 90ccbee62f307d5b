// Copying one key-value store into another, bucket by bucket, as lndinit's migrate-db does.
package writer

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/lightningnetwork/lnd/kvdb"
	bolt "go.etcd.io/bbolt"
)

// moveCommand: move OUT BACKEND FROM BACKEND TO [COUNT]. Only the first COUNT top-level buckets.
func moveCommand(rest []string) (any, error) {
	from, err := openKV(rest[0], rest[1])
	if err != nil {
		return nil, err
	}
	entries, err := tree(from)
	from.Close()
	if err != nil {
		return nil, err
	}
	if len(rest) > 4 {
		count, err := strconv.Atoi(rest[4])
		if err != nil {
			return nil, err
		}
		entries = entries[:count]
	}
	if err := os.MkdirAll(filepath.Dir(rest[3]), 0o755); err != nil {
		return nil, err
	}
	to, err := openKV(rest[2], rest[3])
	if err != nil {
		return nil, err
	}
	defer to.Close()
	return len(entries), kvdb.Update(to, func(tx kvdb.RwTx) error {
		for _, entry := range entries {
			name, err := hex.DecodeString(entry.Key)
			if err != nil {
				return err
			}
			bucket, err := tx.CreateTopLevelBucket(name)
			if err != nil {
				return err
			}
			if err := fill(bucket, entry); err != nil {
				return err
			}
		}
		return nil
	}, func() {})
}

func fill(bucket kvdb.RwBucket, entry Entry) error {
	if err := bucket.SetSequence(entry.Sequence); err != nil {
		return err
	}
	for _, child := range entry.Bucket {
		name, err := hex.DecodeString(child.Key)
		if err != nil {
			return err
		}
		if child.IsBucket {
			inner, err := bucket.CreateBucket(name)
			if err != nil {
				return err
			}
			if err := fill(inner, child); err != nil {
				return err
			}
			continue
		}
		value, err := hex.DecodeString(*child.Value)
		if err != nil {
			return err
		}
		if err := bucket.Put(name, value); err != nil {
			return err
		}
	}
	return nil
}

// boltCommand: bolt OUT FILE create PAGESIZE, or bolt OUT FILE roots.
func boltCommand(rest []string) (any, error) {
	switch rest[1] {
	case "create":
		size, err := strconv.Atoi(rest[2])
		if err != nil {
			return nil, err
		}
		if err := os.MkdirAll(filepath.Dir(rest[0]), 0o755); err != nil {
			return nil, err
		}
		db, err := bolt.Open(rest[0], 0o600, &bolt.Options{
			PageSize: size, NoFreelistSync: true, FreelistType: bolt.FreelistMapType,
		})
		if err != nil {
			return nil, err
		}
		return size, db.Close()
	case "roots":
		db, err := bolt.Open(rest[0], 0o600, &bolt.Options{ReadOnly: true})
		if err != nil {
			return nil, err
		}
		defer db.Close()
		roots := make(map[string]uint64)
		err = db.View(func(tx *bolt.Tx) error {
			return tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
				roots[string(name)] = uint64(bucket.Root())
				return bucket.ForEachBucket(func(inner []byte) error {
					roots[string(name)+"/"+string(inner)] =
						uint64(bucket.Bucket(inner).Root())
					return nil
				})
			})
		})
		return roots, err
	}
	return nil, fmt.Errorf("unknown bolt command %q", rest[1])
}

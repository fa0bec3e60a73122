/**
* This file was @generated using pocketbase-typegen
*/

import type PocketBase from 'pocketbase'
import type { RecordService } from 'pocketbase'

export const Collections = {
	Authorigins: "_authOrigins",
	Externalauths: "_externalAuths",
	Mfas: "_mfas",
	Otps: "_otps",
	Superusers: "_superusers",
	Activity: "activity",
	ApiKeys: "api_keys",
	Messages: "messages",
	Sessions: "sessions",
	Users: "users",
} as const
export type Collections = typeof Collections[keyof typeof Collections]

// Alias types for improved usability
export type IsoDateString = string
export type IsoAutoDateString = string & { readonly autodate: unique symbol }
export type RecordIdString = string
export type FileNameString = string & { readonly filename: unique symbol }
export type HTMLString = string

type ExpandType<T> = unknown extends T
	? T extends unknown
		? { expand?: unknown }
		: { expand: T }
	: { expand: T }

// System fields
export type BaseSystemFields<T = unknown> = {
	id: RecordIdString
	collectionId: string
	collectionName: Collections
} & ExpandType<T>

export type AuthSystemFields<T = unknown> = {
	email: string
	emailVisibility: boolean
	username: string
	verified: boolean
} & BaseSystemFields<T>

// Record types for each collection

export type AuthoriginsRecord = {
	collectionRef: string
	created: IsoAutoDateString
	fingerprint: string
	id: string
	recordRef: string
	updated: IsoAutoDateString
}

export type ExternalauthsRecord = {
	collectionRef: string
	created: IsoAutoDateString
	id: string
	provider: string
	providerId: string
	recordRef: string
	updated: IsoAutoDateString
}

export type MfasRecord = {
	collectionRef: string
	created: IsoAutoDateString
	id: string
	method: string
	recordRef: string
	updated: IsoAutoDateString
}

export type OtpsRecord = {
	collectionRef: string
	created: IsoAutoDateString
	id: string
	password: string
	recordRef: string
	sentTo?: string
	updated: IsoAutoDateString
}

export type SuperusersRecord = {
	created: IsoAutoDateString
	email: string
	emailVisibility?: boolean
	id: string
	password: string
	tokenKey: string
	updated: IsoAutoDateString
	verified?: boolean
}

export type ActivityRecord = {
	changedAt?: number
	id: string
	rev?: number
	user?: string
}

export const ApiKeysScopeOptions = {
	"sync": "sync",
	"full": "full",
} as const
export type ApiKeysScopeOptions = typeof ApiKeysScopeOptions[keyof typeof ApiKeysScopeOptions]
export type ApiKeysRecord = {
	created?: number
	device?: string
	expiresAt?: number
	hash: string
	id: string
	lastUsedAt?: number
	name?: string
	prefix?: string
	revokedAt?: number
	scope: ApiKeysScopeOptions
	user?: string
}

export type MessagesRecord<Terror = unknown, Tmeta = unknown, Tparts = unknown> = {
	agent?: string
	completionTokens?: number
	cost?: number
	costSource?: string
	createdAt?: number
	durationMs?: number
	error?: null | Terror
	externalId?: string
	hash?: number
	id: string
	isCopy?: number
	meta?: null | Tmeta
	model?: string
	ownCost?: number
	parts?: null | Tparts
	promptTokens?: number
	provider?: string
	redacted?: number
	removedAt?: number
	responseId?: string
	role?: string
	serviceTier?: string
	session?: string
	stated?: number
	syncedAt?: number
	textContent?: string
	tokensCacheRead?: number
	tokensCacheWrite1h?: number
	tokensCacheWrite?: number
	tokensInput?: number
	tokensOutput?: number
	tokensReasoning?: number
	toolCallCount?: number
	updatedAt?: number
	user?: string
}

export type SessionsRecord<Tmeta = unknown, Ttags = unknown, Ttodos = unknown> = {
	agentVersion?: string
	archivedAt?: number
	completionTokens?: number
	cost?: number
	costSource?: string
	createdAt?: number
	customTitle?: string
	deletedAt?: number
	device?: string
	durationMs?: number
	evalNotes?: string
	evalReady?: boolean
	evalStatus?: string
	expectedOutput?: string
	externalId?: string
	forkedFrom?: string
	gitBranch?: string
	gitCommit?: string
	gitRemote?: string
	hash?: number
	id: string
	messageCount?: number
	meta?: null | Tmeta
	model?: string
	notes?: string
	ownCost?: number
	parentExternalId?: string
	projectName?: string
	projectPath?: string
	promptTokens?: number
	provider?: string
	purgeAt?: number
	redacted?: number
	source?: string
	starred?: boolean
	stated?: number
	syncedAt?: number
	tags?: null | Ttags
	title?: string
	todos?: null | Ttodos
	tokensCacheRead?: number
	tokensCacheWrite1h?: number
	tokensCacheWrite?: number
	tokensInput?: number
	tokensOutput?: number
	tokensReasoning?: number
	toolCallCount?: number
	unpricedMessages?: number
	updatedAt?: number
	user?: string
}

export const UsersRoleOptions = {
	"owner": "owner",
	"member": "member",
} as const
export type UsersRoleOptions = typeof UsersRoleOptions[keyof typeof UsersRoleOptions]
export type UsersRecord = {
	created: IsoAutoDateString
	email: string
	emailVisibility?: boolean
	id: string
	name?: string
	password: string
	role: UsersRoleOptions
	tokenKey: string
	updated: IsoAutoDateString
	verified?: boolean
}

// Response types include system fields and match responses from the PocketBase API
export type AuthoriginsResponse<Texpand = unknown> = Required<AuthoriginsRecord> & BaseSystemFields<Texpand>
export type ExternalauthsResponse<Texpand = unknown> = Required<ExternalauthsRecord> & BaseSystemFields<Texpand>
export type MfasResponse<Texpand = unknown> = Required<MfasRecord> & BaseSystemFields<Texpand>
export type OtpsResponse<Texpand = unknown> = Required<OtpsRecord> & BaseSystemFields<Texpand>
export type SuperusersResponse<Texpand = unknown> = Required<SuperusersRecord> & AuthSystemFields<Texpand>
export type ActivityResponse<Texpand = unknown> = Required<ActivityRecord> & BaseSystemFields<Texpand>
export type ApiKeysResponse<Texpand = unknown> = Required<ApiKeysRecord> & BaseSystemFields<Texpand>
export type MessagesResponse<Terror = unknown, Tmeta = unknown, Tparts = unknown, Texpand = unknown> = Required<MessagesRecord<Terror, Tmeta, Tparts>> & BaseSystemFields<Texpand>
export type SessionsResponse<Tmeta = unknown, Ttags = unknown, Ttodos = unknown, Texpand = unknown> = Required<SessionsRecord<Tmeta, Ttags, Ttodos>> & BaseSystemFields<Texpand>
export type UsersResponse<Texpand = unknown> = Required<UsersRecord> & AuthSystemFields<Texpand>

// Types containing all Records and Responses, useful for creating typing helper functions

export type CollectionRecords = {
	_authOrigins: AuthoriginsRecord
	_externalAuths: ExternalauthsRecord
	_mfas: MfasRecord
	_otps: OtpsRecord
	_superusers: SuperusersRecord
	activity: ActivityRecord
	api_keys: ApiKeysRecord
	messages: MessagesRecord
	sessions: SessionsRecord
	users: UsersRecord
}

export type CollectionResponses = {
	_authOrigins: AuthoriginsResponse
	_externalAuths: ExternalauthsResponse
	_mfas: MfasResponse
	_otps: OtpsResponse
	_superusers: SuperusersResponse
	activity: ActivityResponse
	api_keys: ApiKeysResponse
	messages: MessagesResponse
	sessions: SessionsResponse
	users: UsersResponse
}

// Utility types for create/update operations

type ProcessCreateAndUpdateFields<T> = Omit<{
	// Omit AutoDate fields
	[K in keyof T as Extract<T[K], IsoAutoDateString> extends never ? K : never]: 
		// Convert FileNameString to File
		T[K] extends infer U ? 
			U extends (FileNameString | FileNameString[]) ? 
				U extends any[] ? File[] : File 
			: U
		: never
}, 'id'>

// Create type for Auth collections
export type CreateAuth<T> = {
	id?: RecordIdString
	email: string
	emailVisibility?: boolean
	password: string
	passwordConfirm: string
	verified?: boolean
} & ProcessCreateAndUpdateFields<T>

// Create type for Base collections
export type CreateBase<T> = {
	id?: RecordIdString
} & ProcessCreateAndUpdateFields<T>

// Update type for Auth collections
export type UpdateAuth<T> = Partial<
	Omit<ProcessCreateAndUpdateFields<T>, keyof AuthSystemFields>
> & {
	email?: string
	emailVisibility?: boolean
	oldPassword?: string
	password?: string
	passwordConfirm?: string
	verified?: boolean
}

// Update type for Base collections
export type UpdateBase<T> = Partial<
	Omit<ProcessCreateAndUpdateFields<T>, keyof BaseSystemFields>
>

// Get the correct create type for any collection
export type Create<T extends keyof CollectionResponses> =
	CollectionResponses[T] extends AuthSystemFields
		? CreateAuth<CollectionRecords[T]>
		: CreateBase<CollectionRecords[T]>

// Get the correct update type for any collection
export type Update<T extends keyof CollectionResponses> =
	CollectionResponses[T] extends AuthSystemFields
		? UpdateAuth<CollectionRecords[T]>
		: UpdateBase<CollectionRecords[T]>

// Type for usage with type asserted PocketBase instance
// https://github.com/pocketbase/js-sdk#specify-typescript-definitions

export type TypedPocketBase = {
	collection<T extends keyof CollectionResponses>(
		idOrName: T
	): RecordService<CollectionResponses[T]>
} & PocketBase
